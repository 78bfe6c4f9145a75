"""What the law and practice say, as pure values and functions."""
