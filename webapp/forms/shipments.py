"""Ship units of one item, what a person has picked of an order, or its rest."""

from __future__ import annotations

from wtforms import HiddenField

from webapp.domain.shipping import CLOSE
from webapp.domain.wording import say
from webapp.forms.fields import ActionForm, QuantityField, SeenField


class ShipItemForm(ActionForm):
    """``seen_shipped`` is the shipped quantity that the packer saw; it reveals a double tap or a colleague's shipment.
    A form without it is refused. ``seen_changes`` is how many changes of the shop the screen showed, if any."""

    quantity = QuantityField(say("Quantity to ship"))
    seen_shipped = SeenField(needed=True)
    seen_changes = SeenField()

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.quantity.units,)


class ShipPicksForm(ActionForm):
    """``seen_units`` are the units that the packer saw as picked; the versions are as in ``ShipOrderForm``."""

    seen_units = SeenField(needed=True)
    seen_version = SeenField()
    seen_changes = SeenField()


class ShipOrderForm(ActionForm):
    """``seen_version`` is the order's version that the packer saw, and ``seen_changes`` how many changes of the shop;
    ``leftovers`` says what happens to units without stock."""

    seen_version = SeenField(needed=True)
    seen_changes = SeenField()
    leftovers = HiddenField()

    @property
    def closes(self) -> bool:
        """Return whether the order closes although stock cannot cover all of it."""
        return bool(self.leftovers.data == CLOSE)

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (CLOSE,) if self.closes else ()
