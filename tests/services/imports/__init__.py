"""Importing orders and stock from files."""
