"""Many at once on one order, one place, one key: whatever wins, the outcome is a legal one."""
