"""The screen that takes units back from a customer."""
