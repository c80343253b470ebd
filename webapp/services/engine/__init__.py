"""The engine: changes stock under locks. Use cases and imports call it; only the engine writes the ledger."""
