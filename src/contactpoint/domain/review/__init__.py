"""Was this look part of somebody's work? Review of use: explanations, patterns, who reviews (R52-R54)."""
