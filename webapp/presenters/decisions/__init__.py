"""The page To decide: stock exceptions, and the tiles above them."""
