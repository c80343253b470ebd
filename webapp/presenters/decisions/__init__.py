"""What a manager has to decide: stock exceptions and their tiles."""
