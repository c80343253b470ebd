"""Runs Lighthouse on the demo store, in Debian's Chromium or any other."""
