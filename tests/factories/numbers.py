"""Numbers that make names different from each other within a run."""

from itertools import count

serial = count(1)
