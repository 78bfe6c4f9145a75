"""Who may see what: authorise, then redact."""
