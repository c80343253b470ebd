"""Numbers that keep names unique within a run."""

from itertools import count

serial = count(1)
