"""Who is asking: passwords, sessions of people, tokens of programs, and the one guard in front of every route."""
