"""Tests that need a real browser: see tests/helpers/browser_fixtures.py."""
