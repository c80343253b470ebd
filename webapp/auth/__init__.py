"""Who is asking: passwords, sessions of people, tokens of programs, and the guard in front of every route."""
