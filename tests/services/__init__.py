"""Services, on a real database of each engine."""
