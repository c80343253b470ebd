"""Shortcuts for the tests of matching: opening the screens and posting to them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from tests.helpers.tablet import Answer, Tablet
from webapp.models import Product

GTIN = "4099999999989"


def path_of(**query: object) -> str:
    return f"/matches/new?{urlencode(query, safe='/:')}"


def match(tablet: Tablet, product: Product | int, *, gtin: str = GTIN, htmx: bool = False, **fields: Any) -> Answer:
    product_id = product if isinstance(product, int) else product.id
    return tablet.post("/matches", {"gtin": gtin, "product_id": product_id, **fields}, htmx=htmx)
