"""The tour of a role's screens, which each person sees once."""
