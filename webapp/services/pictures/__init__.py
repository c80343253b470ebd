"""Pictures: how a photograph becomes one that a list can load by the dozen."""
