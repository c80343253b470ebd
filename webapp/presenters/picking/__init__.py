"""The pick screen: items, places, shipment status, obstacles, short picks, undo."""
