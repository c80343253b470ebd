"""Imports: files that were sent, what they would change, and what they did."""
