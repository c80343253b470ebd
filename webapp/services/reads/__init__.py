"""Queries for screens, API and commands. They lock nothing and change nothing."""
