"""Linkage for anybody with a file: read tables, link them, write what was found. No Django."""
