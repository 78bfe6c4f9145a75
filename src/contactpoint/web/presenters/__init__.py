"""Presenters choose the words; templates only place them. None touches Django, the clock or storage."""
