"""What happens when: one use case a file."""
