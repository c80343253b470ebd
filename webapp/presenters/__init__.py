"""What a panel shows, built from model objects; no queries here."""
