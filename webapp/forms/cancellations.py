"""Cancel an order, or units of one item, with a reason."""

from __future__ import annotations

from webapp.domain.wording import say
from webapp.forms.fields import QuantityField, SeenField
from webapp.forms.reasons import ReasonedForm


class CancelOrderForm(ReasonedForm):
    """``seen_version`` is the order's version in the preview."""

    why = say("Say why the order is cancelled: choose a reason, or write one.")

    seen_version = SeenField()

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.words,)


class CancelItemForm(ReasonedForm):
    """Units of one item that will not ship, and why."""

    why = say("Say why these units are cancelled.")

    quantity = QuantityField("Units to cancel", zero=say("Quantity is 0. Enter 1 or more; 0 cancels nothing."))

    def fingerprint_parts(self) -> tuple[object, ...]:
        return self.quantity.units, self.words
