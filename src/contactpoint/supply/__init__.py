"""One declared contract per feed; parse, validate, reject with reasons."""
