"""The trail and activity, through the test client."""
