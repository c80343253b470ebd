"""Tests of the code itself: layers, words, files."""
