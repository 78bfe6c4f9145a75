"""Sign-in and the step from request to viewer."""
