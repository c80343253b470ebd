"""Shipping: units of one item, or all that is left of an order."""

from __future__ import annotations

from webapp.domain.wording import say
from webapp.forms.fields import ActionForm, QuantityField, SeenField


class ShipItemForm(ActionForm):
    """``seen_shipped`` is what the packer saw as shipped: a double tap, or a colleague, shows as a difference."""

    quantity = QuantityField(say("Quantity to ship"))
    seen_shipped = SeenField()

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.quantity.units,)


class ShipOrderForm(ActionForm):
    """``seen_version`` is the order's version that the packer saw."""

    seen_version = SeenField()
