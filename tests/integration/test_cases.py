"""Records to check: who sees which case, what they are shown, what they say and what becomes of it (R20-R22)."""
