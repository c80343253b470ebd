"""What only a real browser can show: see tests/helpers/browser_fixtures.py."""
