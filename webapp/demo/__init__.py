"""The demo store: goods, people, and a week of orders, made by calling the services."""
