"""Backups: made beside shipping, checked, restored, and what goes wrong."""
