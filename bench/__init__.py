"""What `make bench` runs: the examiner of generator, matcher and search."""
