"""Chunked, resumable work under a system viewer."""
