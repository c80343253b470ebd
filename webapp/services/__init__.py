"""Use cases, called as ``service.function(db=..., store_id=..., ...)``. They flush and never commit.

Shared code and reads are in drawers (subfolders): docs/architecture.md.
"""
