"""Measurements: the real month from end to end, and Packbench against the least that such a program must do."""
