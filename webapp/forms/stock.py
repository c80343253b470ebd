"""Changing stock by hand: adding or taking units at a place, and setting a place to what was counted."""

from __future__ import annotations

from typing import Any

from wtforms import StringField

from webapp.domain.stock_numbers import parse_change
from webapp.domain.wording import say
from webapp.forms.fields import ActionForm, CountField, SeenField
from webapp.forms.text_fields import PlaceField, ReasonField, one_line


class ChangeField(CountField):
    """Units to add or take; ``units`` holds the signed number once it is valid. The form has the ``direction``."""

    def parse(self, form: Any) -> int:
        return parse_change(self.data, form.direction.data or "")


class StockForm(ActionForm):
    """At which place stock changes, and why."""

    warehouse = PlaceField("Warehouse")
    location = PlaceField("Location", sentence=say("Name the place: its location, such as A-01-2."))
    reason = ReasonField("Reason", sentence=say("Say why the stock changes."))


class AdjustForm(StockForm):
    """``direction`` is add or take, with a plain number; left out, the number's sign says it."""

    direction = StringField("Add or take", filters=[one_line])
    quantity = ChangeField("Units")


class CountForm(StockForm):
    """``seen_quantity`` is what the person saw on hand: a difference is told before anything changes."""

    quantity = CountField("Units counted")
    seen_quantity = SeenField()
