"""The engine: what changes stock under locks. Use cases and imports call it; only it writes the ledger."""
