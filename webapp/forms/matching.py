"""Matching a marketplace's GTIN to a product."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import StopValidation

from webapp.domain.quantities import parse_id
from webapp.domain.reasons import is_storable
from webapp.domain.unknown_lines import NO_GTIN
from webapp.forms.fields import ActionForm
from webapp.forms.text_fields import one_line

MAX_GTIN = 64
"""Characters of a GTIN on an order's line: what the column holds."""


def clean_gtin(typed: str) -> str:
    """Return a GTIN from an address without outer blanks; blank where it cannot be one of a line."""
    gtin = typed.strip()
    return gtin if len(gtin) <= MAX_GTIN and is_storable(gtin) and gtin not in NO_GTIN else ""


class MatchForm(ActionForm):
    """Which GTIN is which product; ``product`` holds the product's id once it is valid."""

    gtin = StringField("GTIN", filters=[one_line])
    product_id = StringField("Product", filters=[one_line])

    product: int = 0

    def validate_gtin(self, field: StringField) -> None:
        if not clean_gtin(field.data or ""):
            raise StopValidation("Give the GTIN that the marketplace sent; the placeholder's own cannot be matched.")

    def validate_product_id(self, field: StringField) -> None:
        product_id = parse_id(field.data or "")
        if product_id is None:
            raise StopValidation("Choose the product that the GTIN stands for.")
        self.product = product_id
