"""Shared by the tests: databases, the server, the browser, the cast, and assertions on pages and panels."""
