"""Why an action was refused, and what the person had typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from webapp.domain.errors import (
    ChangedUpstream,
    IdempotencyKeyOfAnother,
    IdempotencyKeyReused,
    InvalidQuantity,
    PackbenchError,
    StaleView,
    UnknownPlace,
    UnreadPackingNote,
)
from webapp.domain.picks import TooManyPicked
from webapp.domain.upstream import ShopChange
from webapp.languages import _, ngettext, translate
from webapp.presenters.phrases.shop_changes import say_changes


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action was refused, and what the person had typed."""

    message: str
    """In the reader's language."""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    """Messages by field; ``message`` is empty when they say everything."""
    missing_stock: Mapping[str, Any] = field(default_factory=dict)
    """Numbers when stock is missing: ``available``, ``options``, and where to look."""
    seen_shipped: int | None = None
    """Shipped units that the person saw, if others changed that number since."""
    of_found_units: bool = False
    """Belongs to the form "Found on the shelf", not to the quantity to ship."""
    of_shop: bool = False
    """The shop has changed the order since the screen was drawn."""
    of_packing_note: bool = False
    """Somebody must read the order's packing note first."""
    unknown_place: str = ""
    """A place where the product has never been, to be chosen again or added."""
    code: str = ""
    """The error's code, for scripts; empty if the form itself is wrong."""
    picked: Mapping[str, int] = field(default_factory=dict)
    """Units that the person has picked, and the most they may pick, if they counted too many."""
    status: int = 422
    """HTTP status of the response."""

    @property
    def words(self) -> str:
        """All messages together, for a place away from the fields."""
        return " ".join(filter(None, (self.message, *self.errors.values())))

    @classmethod
    def from_error(cls, error: PackbenchError, values: Mapping[str, str]) -> Refusal:
        """Build a refusal from a service's error: a message about the quantity goes to that field, any other to the
        item."""
        message = translate(error.message)
        if isinstance(error, InvalidQuantity):
            if left := error.data.get("remaining_quantity"):  # The API's sentence is in the contract; people read this.
                message = ngettext("Only %(num)s is left to ship.", "Only %(num)s are left to ship.", left)
            return cls("", values, {"quantity": message}, status=error.status)
        if isinstance(error, ChangedUpstream):
            message = say_changes([ShopChange(change) for change in error.data["changes"]])
        if isinstance(error, UnknownPlace):
            errors, place = {"location": message}, error.data["location"]
            return cls("", values, errors, unknown_place=place, status=error.status)
        if isinstance(error, IdempotencyKeyReused) and not isinstance(error, IdempotencyKeyOfAnother):
            message = _("What you sent before was already counted. Check the numbers, then send what is left.")
        seen = error.data.get("seen") if isinstance(error, StaleView) and "shipped_quantity" in error.data else None
        return cls(
            message,
            values,
            missing_stock=error.data if "options" in error.data else {},
            seen_shipped=seen,
            of_shop=isinstance(error, ChangedUpstream),
            of_packing_note=isinstance(error, UnreadPackingNote),
            code=error.code,
            picked={name: error.data[name] for name in ("units", "most")} if isinstance(error, TooManyPicked) else {},
            status=error.status,
        )


NO_REFUSAL: Final = Refusal("", status=200)
