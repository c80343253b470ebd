"""Measurements: the real month end to end, and Packbench against the least a program of its kind must do."""
