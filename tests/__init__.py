"""The tests, by what they need: see STYLE's tree."""
