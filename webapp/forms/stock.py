"""Change stock by hand: add or remove units at a place, or set a place to what was counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from wtforms import HiddenField, StringField
from wtforms.validators import StopValidation

from webapp.domain.errors import InvalidInput, InvalidQuantity
from webapp.domain.reasons import require_reason
from webapp.domain.stock_numbers import parse_change, parse_count
from webapp.domain.true_counts import UNSEEN, ChosenLosses
from webapp.domain.usual_reasons import compose_reason
from webapp.domain.wording import say
from webapp.forms.fields import OUT_OF_DATE, ActionForm, CountField, SeenField
from webapp.forms.text_fields import PlaceField, one_line

_WHY: Final = say("Say why the stock changes.")
_SEEN_SHORT_COUNT: Final = re.compile(r"[0-9/:,]*", re.ASCII)
_ITEM_ID: Final = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


class ChangeField(CountField):
    """Units to add or remove; ``units`` holds the signed number once it is valid. The form has the ``direction``."""

    def parse(self, form: Any) -> int:
        return parse_change(self.data, form.direction.data or "")


class SeenShortCountField(HiddenField):
    """What a preview showed of who would lose units; blank if none was shown."""

    def pre_validate(self, form: object) -> None:
        if not _SEEN_SHORT_COUNT.fullmatch(self.data or ""):
            raise StopValidation(OUT_OF_DATE)


class ItemsField(HiddenField):
    """The lines that may lose units, one value each; ``ids`` holds them."""

    entries: Sequence[str] = ()
    ids: tuple[int, ...] = ()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.entries = valuelist

    def pre_validate(self, form: object) -> None:
        if not all(_ITEM_ID.fullmatch(item_id) for item_id in self.entries):
            raise StopValidation(OUT_OF_DATE)
        self.ids = tuple(map(int, self.entries))


class LossesField(StringField):
    """The units that each line of ``losing_item`` loses; ``units`` holds the numbers."""

    entries: Sequence[str] = ()
    units: tuple[int, ...] = ()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.entries = valuelist

    def pre_validate(self, form: Any) -> None:
        try:
            self.units = tuple(map(parse_count, self.entries))
        except InvalidQuantity as refusal:
            raise StopValidation(refusal.message) from None
        if len(self.units) != len(form.losing_item.ids):
            raise StopValidation(OUT_OF_DATE)


class StockForm(ActionForm):
    """A place, and the reason: one from the list, the person's own words, or both.

    After a preview of who loses units, it has what was shown, and what each line is to lose.
    """

    warehouse = PlaceField("Warehouse")
    location = PlaceField("Location", sentence=say("Name the place: its location, such as A-01-2."))
    common_reason = StringField("Reason", filters=[one_line])
    reason = StringField("In your own words", filters=[one_line])

    seen_short_count = SeenShortCountField()
    losing_item = ItemsField()
    lost_quantity = LossesField("Units that it loses")

    @property
    def choice(self) -> tuple[object, ...]:
        """Return what the person saw and chose, to tell apart two requests."""
        return self.seen_short_count.data or UNSEEN, self.losing_item.ids, self.lost_quantity.units

    @property
    def chosen(self) -> ChosenLosses:
        """Return who loses units, as the person chose; without a preview nothing was chosen."""
        units = dict(zip(self.losing_item.ids, self.lost_quantity.units, strict=True))
        return ChosenLosses(self.seen_short_count.data or UNSEEN, units or None)

    def values(self) -> dict[str, str]:
        """Return the person's input; what a line loses is named after its id."""
        lost = zip(self.losing_item.entries, self.lost_quantity.entries, strict=False)
        values = {name: text for name, text in super().values().items() if name != "lost_quantity"}
        return values | {f"lost-{item_id}": units for item_id, units in lost}

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
        return *self.place.values(), self.words, self.quantity.units, *self.choice

    def left_of(self, on_hand: int) -> int:
        """Return the units at the place afterwards, if ``on_hand`` are there."""
        return on_hand + self.quantity.units


class CountForm(StockForm):
    """``seen_quantity`` is the number on hand that the person saw; a difference is reported before anything changes. A
    form without it is refused."""

    quantity = CountField("Units counted")
    seen_quantity = SeenField(needed=True)

    def fingerprint_parts(self) -> tuple[object, ...]:
        return *self.place.values(), self.words, self.quantity.units, *self.choice

    def left_of(self, on_hand: int) -> int:
        """Return the units at the place afterwards: those counted."""
        return self.quantity.units
