"""Forms: what may be typed, what is said when it cannot be read, and the domain values made of it."""
