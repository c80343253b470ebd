"""Matching unknown lines to products: the list, and the page of one match."""
