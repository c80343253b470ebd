"""What every page shares: files, headers, errors, navigation, shortcuts, health, logs, the style guide."""
