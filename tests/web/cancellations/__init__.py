"""Cancelling orders and items, through the test client."""
