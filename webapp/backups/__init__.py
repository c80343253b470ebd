"""Backups of the whole installation: database and pictures in one file, checked by restoring it aside (ADR 0036)."""
