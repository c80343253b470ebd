"""The screens that cancel an order, or units of one item."""
