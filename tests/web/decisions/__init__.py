"""Stock exceptions, through the test client."""
