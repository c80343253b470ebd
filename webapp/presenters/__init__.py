"""What a panel shows, built from the domain's plain objects; no queries here."""
