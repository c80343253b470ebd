"""Shared by all measurements: databases, servers, clients, data, and the table of results."""
