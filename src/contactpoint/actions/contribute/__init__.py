"""What a practitioner adds: that they work with a child."""
