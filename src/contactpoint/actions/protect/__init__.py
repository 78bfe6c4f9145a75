"""Shields: who may not be found, and where they are."""
