"""The order list, its views, and the page of one order."""
