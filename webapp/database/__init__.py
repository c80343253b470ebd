"""How the program talks to its database: connections, the write gate of SQLite, and the unit of work."""
