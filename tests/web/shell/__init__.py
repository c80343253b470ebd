"""Shared by every page: files, headers, errors, navigation, shortcuts, health, logs, the style guide."""
