"""A week of the demo store's orders, as data."""

from __future__ import annotations

from typing import Final

from webapp.demo.days import When
from webapp.demo.open_orders import OPEN_ORDERS
from webapp.demo.past_orders import PAST_ORDERS
from webapp.demo.story import Story

STOCKED: Final = When(7, "16:30")
"""When the goods arrived: before the first order."""

CASE_CODES: Final = (
    ("MUG-BLUE", "14006380012001", 6),
    ("MUG-SAND", "14006380012377", 6),
    ("CANDLE-IVO", "14006380017556", 10),
)
"""SKU, code on the case, and units in it."""

STORIES: Final[tuple[Story, ...]] = (*PAST_ORDERS, *OPEN_ORDERS)
