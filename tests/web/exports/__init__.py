"""Lists as files, and their way back through an import."""
