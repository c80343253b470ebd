"""Matching unknown products, through the test client."""
