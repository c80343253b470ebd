"""Matching of unknown products: the list and the page of one match."""
