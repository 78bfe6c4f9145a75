"""Sign-in, and from a request to the frozen viewer that actions ask for."""
