"""Returned units: put back at a place, or written off."""

from __future__ import annotations

from wtforms import BooleanField
from wtforms.validators import StopValidation

from webapp.domain.usual_reasons import WRITE_OFF_REASONS
from webapp.domain.wording import say
from webapp.forms.fields import ActionForm, CountField, QuantityField, SeenField
from webapp.forms.reasons import ReasonedForm
from webapp.forms.text_fields import PlaceField


class CorrectReturnForm(ActionForm):
    """How many units of a booked return really came back; ``seen_quantity`` is what the person saw booked."""

    quantity = CountField("Units that really came back")
    seen_quantity = SeenField(needed=True)

    def fingerprint_parts(self) -> tuple[object, ...]:
        return self.quantity.units, self.seen_quantity.number


class ReturnForm(ReasonedForm):
    """With ``write_off`` no place is needed: the units do not go back into stock. If nothing was chosen, the reason
    decides."""

    why = say("Say why they came back.")

    quantity = QuantityField("Units that came back", zero=say("Quantity is 0. Enter 1 or more; 0 brings nothing back."))
    write_off = BooleanField("Write off")
    warehouse = PlaceField("Warehouse")
    location = PlaceField("Location")

    @property
    def writes_off(self) -> bool:
        """Return whether the units go nowhere: as chosen, else because they came back damaged."""
        if self.write_off.raw_data:
            return bool(self.write_off.data)
        return (self.common_reason.data or "") in WRITE_OFF_REASONS

    def values(self) -> dict[str, str]:
        """Return the person's input; without ``write_off`` if nothing was chosen."""
        values = super().values()
        return values if self.write_off.raw_data else {name: values[name] for name in values if name != "write_off"}

    def fingerprint_parts(self) -> tuple[object, ...]:
        place = (self.warehouse.data or "", self.location.data or "")
        return self.quantity.units, *place, self.writes_off, self.words

    def validate_location(self, field: PlaceField) -> None:
        if not field.data and not self.writes_off:
            raise StopValidation(say("Name the place they go to, or write them off."))
