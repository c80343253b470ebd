"""Changing stock by hand: adding or taking units at a place, and setting a place to what was counted."""

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
    """Units to add or take; ``units`` holds the signed number once it is valid. The form has the ``direction``."""

    def parse(self, form: Any) -> int:
        return parse_change(self.data, form.direction.data or "")


class StockForm(ActionForm):
    """At which place stock changes, and why: a usual reason, words of one's own, or both."""

    warehouse = PlaceField("Warehouse")
    location = PlaceField("Location", sentence=say("Name the place: its location, such as A-01-2."))
    common_reason = StringField("Reason", filters=[one_line])
    reason = StringField("In your own words", filters=[one_line])

    @property
    def place(self) -> dict[str, str]:
        """Return the place as the services take it: its warehouse and its location."""
        return {"warehouse": self.warehouse.data or "", "location": self.location.data or ""}

    @property
    def words(self) -> str:
        """Return the whole reason."""
        return compose_reason(self.common_reason.data or "", self.reason.data or "")

    def validate_reason(self, _field: StringField) -> None:
        try:
            require_reason(self.words, _WHY)
        except InvalidInput as refusal:
            raise StopValidation(refusal.message) from None


class AdjustForm(StockForm):
    """``direction`` is add or take, with a plain number; left out, the number's sign says it."""

    direction = StringField("Add or remove", filters=[one_line])
    quantity = ChangeField("Units")

    def fingerprint_parts(self) -> tuple[object, ...]:
        return *self.place.values(), self.words, self.quantity.units


class CountForm(StockForm):
    """``seen_quantity`` is what the person saw on hand: a difference is told before anything changes."""

    quantity = CountField("Units counted")
    seen_quantity = SeenField()

    def fingerprint_parts(self) -> tuple[object, ...]:
        return *self.place.values(), self.words, self.quantity.units
