"""Cancelling an order, or units of one item, with a reason."""

from __future__ import annotations

from typing import Final

from wtforms import StringField
from wtforms.validators import StopValidation

from webapp.domain.errors import InvalidInput
from webapp.domain.reasons import require_reason
from webapp.domain.wording import say
from webapp.forms.fields import ActionForm, QuantityField, SeenField
from webapp.forms.text_fields import ReasonField, one_line

REASONS: Final = (
    "Customer changed their mind",
    "Ordered twice",
    "Cannot be delivered in time",
    "Not in stock any more",
    "Payment failed",
)
"""What most orders are cancelled for; words of one's own may follow, or stand alone."""

WHY: Final = "Say why the order is cancelled: choose a reason, or write one."


class CancelOrderForm(ActionForm):
    """``reason`` alone is enough; with ``common_reason`` it adds to it. ``seen_version`` is what was previewed."""

    common_reason = StringField("Reason", filters=[one_line])
    reason = StringField("In your own words", filters=[one_line])
    seen_version = SeenField()

    @property
    def words(self) -> str:
        """Return the whole reason."""
        return ": ".join(part for part in (self.common_reason.data, self.reason.data) if part)

    def validate_reason(self, field: StringField) -> None:
        try:
            require_reason(self.words, WHY)
        except InvalidInput as refusal:
            raise StopValidation(refusal.message) from None


class CancelItemForm(ActionForm):
    """Units of one item that will not ship, and why."""

    quantity = QuantityField("Units to cancel", zero=say("Quantity is 0. Enter 1 or more; 0 cancels nothing."))
    reason = ReasonField("Reason", sentence="Say why these units are cancelled.")
