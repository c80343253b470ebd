"""The pages of administrators, through the test client."""
