"""A synthetic England."""
