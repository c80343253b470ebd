"""Database access: connections, SQLite's write gate, and the unit of work."""
