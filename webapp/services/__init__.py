"""Use cases and queries, called as ``service.function(db=..., store_id=..., ...)``; they flush and never commit."""
