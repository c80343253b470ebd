"""The rules of the trade in plain Python: no framework, no database, only the standard library."""
