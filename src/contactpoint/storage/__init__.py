"""The database: models, indexes, grants and queries that return domain values."""
