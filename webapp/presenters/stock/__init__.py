"""The stock list, the page of one product, its places, holders, movements and chart."""
