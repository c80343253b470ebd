"""Report where shelf and records differ: more units than recorded, or fewer than reserved."""

from __future__ import annotations

from webapp.domain.wording import say
from webapp.forms.fields import ActionForm, CountField, QuantityField, SeenField
from webapp.forms.text_fields import PlaceField


class FoundUnitsForm(ActionForm):
    """Ship units that the records lack, and say where they were."""

    quantity = QuantityField(say("Quantity to ship"))
    location = PlaceField(say("Place"), sentence=say("Enter the place where you found them."))
    warehouse = PlaceField(say("Warehouse"))
    seen_shipped = SeenField(needed=True)

    def fingerprint_parts(self) -> tuple[object, ...]:
        return self.quantity.units, self.warehouse.data or "", self.location.data or ""


class ShortPickForm(ActionForm):
    """How many of the units reserved at a place are really there; 0 is allowed."""

    inventory_id = SeenField(needed=True)
    found_quantity = CountField(say("Units you found"))
    seen_reserved = SeenField(needed=True)

    def fingerprint_parts(self) -> tuple[object, ...]:
        return self.inventory_id.number, self.found_quantity.units
