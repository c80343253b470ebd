"""People and stores: memberships, what a person prefers, saved filters, which store is meant and what it has set."""
