"""Reads that return domain values."""
