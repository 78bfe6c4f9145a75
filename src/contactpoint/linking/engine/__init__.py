"""The model over many rows: prepare, encode, collapse, block, score, cluster."""
