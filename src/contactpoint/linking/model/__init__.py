"""The one model of sameness, scalar and pure: normalise, compare, score, decide, explain, estimate."""
