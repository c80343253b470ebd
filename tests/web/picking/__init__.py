"""The pick screen and what is sent from it, through the test client."""
