"""The rules of the trade in plain Python: no framework, no database, the standard library only."""
