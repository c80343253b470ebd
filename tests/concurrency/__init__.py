"""Races for one order, one place, one key: whichever request wins, the outcome is legal."""
