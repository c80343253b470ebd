"""Phrases for every screen: numbers with their nouns, sentences, reasons, times, days."""
