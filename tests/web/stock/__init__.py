"""Stock and pictures, through the test client."""
