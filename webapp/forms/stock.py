"""Change stock by hand: add or remove units at a place, or set a place to what was counted."""

from __future__ import annotations

from typing import Any, Final

from wtforms import StringField
from wtforms.validators import StopValidation

from webapp.domain.errors import InvalidInput
from webapp.domain.reasons import require_reason
from webapp.domain.stock_numbers import parse_change
from webapp.domain.usual_reasons import compose_reason
from webapp.domain.wording import say
from webapp.forms.fields import ActionForm, CountField, SeenField
from webapp.forms.text_fields import PlaceField, one_line

_WHY: Final = say("Say why the stock changes.")


class ChangeField(CountField):
    """Units to add or remove; ``units`` holds the signed number once it is valid. The form has the ``direction``."""

    def parse(self, form: Any) -> int:
        return parse_change(self.data, form.direction.data or "")


class StockForm(ActionForm):
    """A place, and the reason: one from the list, the person's own words, or both."""

    warehouse = PlaceField("Warehouse")
    location = PlaceField("Location", sentence=say("Name the place: its location, such as A-01-2."))
    common_reason = StringField("Reason", filters=[one_line])
    reason = StringField("In your own words", filters=[one_line])

    @property
    def place(self) -> dict[str, str]:
        """Return the place as the services' arguments ``warehouse`` and ``location``."""
        return {"warehouse": self.warehouse.data or "", "location": self.location.data or ""}

    @property
    def words(self) -> str:
        """Return the complete reason."""
        return compose_reason(self.common_reason.data or "", self.reason.data or "")

    def validate_reason(self, _field: StringField) -> None:
        try:
            require_reason(self.words, _WHY)
        except InvalidInput as refusal:
            raise StopValidation(refusal.message) from None


class AdjustForm(StockForm):
    """``direction`` is add or take, with a plain number; without it, the number's sign decides."""

    direction = StringField("Add or remove", filters=[one_line])
    quantity = ChangeField("Units")

    def fingerprint_parts(self) -> tuple[object, ...]:
        return *self.place.values(), self.words, self.quantity.units


class CountForm(StockForm):
    """``seen_quantity`` is the number on hand that the person saw; a difference is reported before anything changes."""

    quantity = CountField("Units counted")
    seen_quantity = SeenField()

    def fingerprint_parts(self) -> tuple[object, ...]:
        return *self.place.values(), self.words, self.quantity.units
