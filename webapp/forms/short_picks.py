"""Report where shelf and records differ: more units than recorded, or fewer than reserved."""

from __future__ import annotations

from webapp.domain.wording import say
from webapp.forms.fields import ActionForm, CountField, QuantityField, SeenField
from webapp.forms.text_fields import PlaceField


class FoundUnitsForm(ActionForm):
    """Ship units that the records lack, and say where they were.

    ``new_place`` repeats the location if the person said that it is a new one.
    """

    quantity = QuantityField(say("Quantity to ship"))
    location = PlaceField(say("Place"), sentence=say("Enter the place where you found them."))
    warehouse = PlaceField(say("Warehouse"))
    new_place = PlaceField(say("New place"))
    seen_shipped = SeenField(needed=True)

    @property
    def makes_place(self) -> bool:
        """Return whether the person said that the location is a new place."""
        return bool(self.new_place.data) and self.new_place.data == self.location.data

    def fingerprint_parts(self) -> tuple[object, ...]:
        return self.quantity.units, self.warehouse.data or "", self.location.data or "", self.makes_place


class ShortPickForm(ActionForm):
    """How many units of the product are at a place; 0 is allowed. ``seen_quantity`` is what the records had there."""

    inventory_id = SeenField(needed=True)
    counted_quantity = CountField(say("Units you counted"))
    seen_quantity = SeenField(needed=True)

    def fingerprint_parts(self) -> tuple[object, ...]:
        return self.inventory_id.number, self.counted_quantity.units
