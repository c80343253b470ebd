"""Phrases that every screen uses: numbers with their nouns, sentences, reasons, times, days."""
