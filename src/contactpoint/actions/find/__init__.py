"""Find a child and open its record."""
