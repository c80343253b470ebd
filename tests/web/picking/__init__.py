"""The pick screen and its forms, through the test client."""
