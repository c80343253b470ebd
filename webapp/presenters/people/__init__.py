"""What each person sees once: the tour of the role's screens."""
