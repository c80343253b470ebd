"""Lists as tables for a spreadsheet, in the columns that our own imports read."""
