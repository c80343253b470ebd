"""The tests, in folders by what they need; each folder's __init__.py says what that is."""
