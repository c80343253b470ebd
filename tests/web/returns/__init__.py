"""Returns, through the test client."""
