"""Requests through the client, screen by screen."""
