"""The order list and the order page, through the test client."""
