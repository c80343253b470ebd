"""Requests that programs send, by endpoint and by promise."""
