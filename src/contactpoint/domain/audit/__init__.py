"""Events, their canonical bytes, the tree over them and its verifier."""
