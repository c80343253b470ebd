"""Reads unit prices and currencies, however a shop writes them; what may mean two prices is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple

from babel import Locale

from webapp.domain.money import LIMIT, as_kept
from webapp.domain.wording import say

TWO_PRICES: Final = say(
    "the unit price has a point or a comma and three digits, which one program reads as thousands and another as a "
    "fraction: write 1234.00 or 1.23"
)
NO_PRICE: Final = say("the unit price is no number of 0 or more, such as 12.90 or 1.234,50")
TOO_HIGH: Final = say("the unit price is %(limit)s or more", limit=f"{LIMIT:,f}")
NO_CURRENCY: Final = say("the currency is no ISO code of three letters, such as EUR")
TWO_CURRENCIES: Final = say("the unit prices of the order are in two currencies")

_SIGNS: Final = {"€": "EUR", "£": "GBP", "$": "", "¥": "", "fr.": "CHF", "sfr.": "CHF"}
"""What stands beside a price, and its currency; blank where several countries have the sign."""

_CELL: Final = re.compile(r"(?P<before>[^\d+-]*?)\s*(?P<number>\d(?:.*\d)?)\s*(?P<after>\D*)", re.ASCII | re.DOTALL)
_DOUBTFUL: Final = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}")
_PLAIN: Final = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?")
_GROUPED: Final = re.compile(
    r"[0-9]{1,3}(?:(?P<group>[.,'’\s])[0-9]{3})(?:(?P=group)[0-9]{3})*(?:(?!(?P=group))[.,]([0-9]+))?"
)


class UnreadablePrice(Exception):
    """A price or a currency cannot be known: ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CellPrice(NamedTuple):
    """A price, and the currency that stands beside it; blank if none does."""

    price: Decimal | None
    currency: str = ""


def read_price(text: str, decimal_sign: str) -> CellPrice:
    """Return the price, None for a blank cell. ``decimal_sign`` is the format's; blank if nobody knows it. Raises
    UnreadablePrice."""
    if not text:
        return CellPrice(None)
    cell = _CELL.fullmatch(text)
    if cell is None:
        raise UnreadablePrice(NO_PRICE)
    marks = [mark for mark in (cell["before"].strip(), cell["after"].strip()) if mark]
    try:
        currencies = [read_currency(mark) for mark in marks]
    except UnreadablePrice:
        raise UnreadablePrice(NO_PRICE) from None
    if len(currencies) > 1:
        raise UnreadablePrice(NO_PRICE)
    number = _read_number(cell["number"], decimal_sign)
    if number >= LIMIT or (price := as_kept(number)) >= LIMIT:  # Far more digits than these cannot be rounded.
        raise UnreadablePrice(TOO_HIGH)
    return CellPrice(price, currencies[0] if currencies else "")


def read_currency(text: str) -> str:
    """Return the ISO code that a code or a sign stands for; blank for a sign of several countries. Raises
    UnreadablePrice."""
    sign = text.strip().casefold()
    if sign in _SIGNS:
        return _SIGNS[sign]
    code = sign.upper()
    if code and code not in _codes():
        raise UnreadablePrice(NO_CURRENCY)
    return code


def common_currency(of_order: str, of_prices: Iterable[str]) -> str:
    """Return the currency of an order from what its column and its prices say. Raises UnreadablePrice if they
    disagree."""
    codes = {code for code in (of_order, *of_prices) if code}
    if len(codes) > 1:
        raise UnreadablePrice(TWO_CURRENCIES)
    return next(iter(codes), "")


def _read_number(text: str, decimal_sign: str) -> Decimal:
    doubtful = _DOUBTFUL.fullmatch(text)
    if doubtful and doubtful[1] != decimal_sign:
        raise UnreadablePrice(TWO_PRICES)
    number = _PLAIN.fullmatch(text)
    if number:
        return Decimal(f"{number[1]}.{number[2] or 0}")
    grouped = _GROUPED.fullmatch(text)
    if grouped is None:
        raise UnreadablePrice(NO_PRICE)
    part = grouped[2] or ""
    whole = text[: -len(part) - 1] if part else text
    return Decimal(f"{re.sub('[^0-9]', '', whole)}.{part or 0}")


@cache
def _codes() -> frozenset[str]:
    return frozenset(Locale("en").currencies)
