"""People and stores: memberships, preferences, saved filters, stores by code, settings."""
