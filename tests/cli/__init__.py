"""Commands, run in the test's application."""
