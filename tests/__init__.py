"""The tests, by what they need: a folder for each, and what it says in its __init__.py."""
