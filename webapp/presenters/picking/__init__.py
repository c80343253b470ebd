"""The pick screen: items, places, shipment status, what stands in the way, short picks, undo."""
