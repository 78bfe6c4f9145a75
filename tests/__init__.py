"""Tests: `tests.plugin` gives them their database; each folder mirrors src."""
