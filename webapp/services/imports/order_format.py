"""What a format of order files is: columns, and the few rules that differ by source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from webapp.domain.holds import HOLDS, Hold
from webapp.domain.wording import say
from webapp.services.imports.columns import Field, TableFormat


@dataclass(frozen=True)
class Rule:
    """Skips rows whose ``field`` matches ``pattern`` (completely, in any case), for ``reason``.

    ``whole_order``: the field belongs to the order, so all its rows are skipped. ``reject``: the row makes sense but
    cannot be imported correctly, so its order is rejected for a person to check.
    """

    field: Field
    pattern: re.Pattern[str]
    reason: str
    whole_order: bool = False
    reject: bool = False


def rule(name: Field, pattern: str, reason: str, *, whole_order: bool = False, reject: bool = False) -> Rule:
    """Build a rule from its pattern's text."""
    return Rule(name, re.compile(pattern, re.IGNORECASE | re.ASCII), reason, whole_order, reject)


@dataclass(frozen=True)
class Words:
    """What the words of a source mean in the words that the rules know; ``other`` is for all other words, if it is not
    None."""

    meanings: Mapping[str, str]
    other: str | None = None

    def read(self, text: str) -> str:
        """Return what the text means; blank stays blank."""
        return self.meanings.get(text.casefold(), text if self.other is None else self.other) if text else ""


@dataclass(frozen=True)
class OrderFormat(TableFormat):
    """A format of order files. Rows with the same order number are one order, wherever they are in the file."""

    channel: str = ""
    """Channel of its orders if no column names one."""
    numeric_dates: bool = False
    """Dates such as 12/1/2010 occur besides ISO 8601."""
    date_order: str = ""
    """Which number of such a date is the day, if somebody says so: see ``DateReader``."""
    decimal_sign: str = ""
    """What is before a price's fraction, if somebody says so; otherwise 1.234 is refused."""
    blank_number_continues: bool = False
    """A row without an order number belongs to the order of the row above it."""
    rules: tuple[Rule, ...] = ()
    words: Mapping[Field, Words] = field(default_factory=dict)
    """Field → what its words mean, applied after ``cleaned``."""
    products_in_one_cell: tuple[str, str] | None = None
    """The titles of a column such as "2× Mug, 1× Bowl", and of the one with all their units, if it is so written."""
    may_hold_notes: bool = False
    """Rows that say nothing that can be ordered are no lines: an order's head above its items, totals, notes."""
    head: tuple[Field, ...] = ()
    """Fields that only the first row of an order has."""
    may_differ: frozenset[Field] = frozenset()
    """Fields of the order whose first value counts; in the other fields an order's rows must agree."""


STATE: Final = frozenset(
    {
        Field.EXTERNAL_ID,
        Field.LINE_ID,
        Field.UPDATED_AT,
        Field.CANCELLED_AT,
        Field.PAYMENT_STATUS,
        Field.ORDER_FULFILLMENT,
        Field.LINE_FULFILLMENT,
    }
)
"""The fields that say which order of the shop it is and what has become of it there; no file needs to have them."""

PRICES: Final = frozenset({Field.UNIT_PRICE, Field.CURRENCY})
MONEY: Final = PRICES | {Field.LINE_DISCOUNT, Field.SUBTOTAL, Field.DISCOUNT}
"""Amounts, by which a file shows whether all lines of an order are in it, too."""

HOLD_RULES: Final = (
    rule(Field.PAYMENT_STATUS, "pending|authorized|unpaid|partially[ _]paid", HOLDS[Hold.UNPAID]),
    rule(Field.ORDER_FULFILLMENT, "on[ _-]hold|scheduled", HOLDS[Hold.ON_HOLD]),
)
"""What says that an order is not to be shipped yet; the first that is true counts."""

CANCELLED: Final = say("cancelled in the shop")
REFUNDED: Final = say("refunded or voided in the shop")
"""Why the shop sends nothing of a whole order any more."""
FULFILLED: Final = say("already fulfilled in the shop")

STATE_RULES: Final = (
    rule(Field.CANCELLED_AT, ".+", CANCELLED, whole_order=True),
    rule(Field.PAYMENT_STATUS, "refunded|voided|expired", REFUNDED, whole_order=True),
    rule(Field.ORDER_FULFILLMENT, "fulfilled|restocked", FULFILLED, whole_order=True),
    rule(Field.LINE_FULFILLMENT, "fulfilled|restocked", FULFILLED),
    rule(
        Field.PAYMENT_STATUS,
        "partial(ly)?[ _-]refund(ed)?",
        say(
            "refunded in part in the shop, and the file does not say which units: take them off the order there and "
            "export it again, or cancel them here"
        ),
        whole_order=True,
        reject=True,
    ),
    rule(
        Field.LINE_FULFILLMENT,
        "partial(ly[ _]fulfilled)?",
        say("part of this line was fulfilled in the shop, and the file does not say how many units"),
        reject=True,
    ),
)

PRODUCT: Final = (Field.SKU, Field.GTIN, Field.PRODUCT_NAME)
"""What names a line's product; a file needs one of them."""
