"""A family asks what is held about a child: who may be told what, by when, and in which words (R60)."""
