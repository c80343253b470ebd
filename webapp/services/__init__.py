"""Use cases, called as ``service.function(db=..., store_id=..., ...)``; they flush and never commit.

What they share, and what only reads, lies in drawers: docs/architecture.md.
"""
