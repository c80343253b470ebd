"""The stock list, and one product's page: places, holders, movements and chart."""
