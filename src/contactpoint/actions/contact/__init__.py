"""Finding who is involved ends in people talking: asking to be contacted, answering, and the desk between."""
