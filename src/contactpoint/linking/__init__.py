"""Deciding which source records are about one child."""
