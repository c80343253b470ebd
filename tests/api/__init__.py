"""Requests as programs send them, by endpoint and by promise."""
