"""What whoever runs the service does: organisations and accounts."""
