"""Reads for screens, API and commands: they lock nothing and change nothing."""
