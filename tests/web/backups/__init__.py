"""The page of backups, and the line of the health check."""
