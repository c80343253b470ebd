"""The demo store: its goods, its people, and a week of its orders, told through the services as it happened."""
