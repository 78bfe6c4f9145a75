"""Ending what has had its time: archive, bring back, purge, release; and who agreed to stay."""
