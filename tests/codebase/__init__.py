"""The code itself: layers, words, files."""
