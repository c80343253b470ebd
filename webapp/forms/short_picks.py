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
    """How many units of the product are at a place; 0 is allowed. ``seen_quantity`` is what the records had there."""

    inventory_id = SeenField(needed=True)
    counted_quantity = CountField(say("Units you counted"))
    seen_quantity = SeenField(needed=True)

    def fingerprint_parts(self) -> tuple[object, ...]:
        return self.inventory_id.number, self.counted_quantity.units
