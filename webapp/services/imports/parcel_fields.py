"""Reads parcel data from a file's fields. What does not fit on a label is refused, never cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from babel import Locale

from webapp.domain.countries import COUNTRIES, OTHER_CODES
from webapp.domain.parcel_data import LABEL_LINE, MOST_CHARACTERS, ParcelData, one_line, some_lines
from webapp.domain.wording import say
from webapp.services.imports.columns import Field

LINES: Final = (Field.SHIP_TO_LINE1, Field.SHIP_TO_LINE2, Field.SHIP_TO_LINE3)

_IN_ONE_LINE: Final = {
    "ship_to_name": Field.SHIP_TO_NAME,
    "ship_to_company": Field.SHIP_TO_COMPANY,
    "ship_to_postcode": Field.SHIP_TO_POSTCODE,
    "ship_to_city": Field.SHIP_TO_CITY,
    "ship_to_region": Field.SHIP_TO_REGION,
    "phone": Field.PHONE,
    "email": Field.EMAIL,
    "language": Field.LANGUAGE,
    "shipping_method": Field.SHIPPING_METHOD,
}
_NOTES: Final = {
    "customer_note": Field.CUSTOMER_NOTE,
    "packing_note": Field.PACKING_NOTE,
    "gift_text": Field.GIFT_TEXT,
}
PARCEL_DATA: Final = frozenset({*_IN_ONE_LINE.values(), *LINES, Field.SHIP_TO_COUNTRY, *_NOTES.values()})
"""The fields of an order's parcel data; no file needs to have them."""

_MOST: Final = {
    **{field: MOST_CHARACTERS[name] for name, field in (_IN_ONE_LINE | _NOTES).items()},
    **dict.fromkeys(LINES, LABEL_LINE),
}
_TOO_LONG_TO_KEEP: Final = say("the %(field)s has %(length)s characters, and at most %(most)s are kept")
_TOO_LONG_FOR_A_LABEL: Final = say("the %(field)s has %(length)s characters, and at most %(most)s fit on a label")
_LANGUAGES_OF_NAMES: Final = ("en", "de", "fr", "lb")


class UnfitField(Exception):
    """A field that cannot be kept as it is: which one, and why, in a sentence."""

    def __init__(self, field: Field, reason: str, value: str) -> None:
        super().__init__(reason)
        self.field, self.reason, self.value = field, reason, value


def read_parcel_data(values: Mapping[Field, str], customer_name: str, cut: Mapping[Field, int]) -> ParcelData:
    """Return the parcel data that these values say. Raises UnfitField.

    An address without a name of its own goes to the customer. ``cut`` has the full lengths of values that the spool
    cut.
    """
    texts = {name: one_line(values.get(field, "")) for name, field in _IN_ONE_LINE.items()}
    texts |= {name: some_lines(values.get(field, "")) for name, field in _NOTES.items()}
    lines = {field: one_line(values.get(field, "")) for field in LINES}
    data = ParcelData(
        **texts,
        ship_to_lines="\n".join(filter(None, lines.values())),
        ship_to_country=_country(one_line(values.get(Field.SHIP_TO_COUNTRY, ""))),
    )
    if data.goes_somewhere and not data.ship_to_name:
        texts["ship_to_name"] = one_line(customer_name)
    checked = {field: texts[name] for name, field in (_IN_ONE_LINE | _NOTES).items()} | lines
    for field, text in checked.items():
        _refuse_if_too_long(field, text, cut.get(field) or len(text))
    return replace(data, ship_to_name=texts["ship_to_name"])


def _refuse_if_too_long(field: Field, text: str, length: int) -> None:
    if length > _MOST[field]:
        sentence = _TOO_LONG_TO_KEEP if field in _NOTES.values() else _TOO_LONG_FOR_A_LABEL
        raise UnfitField(field, sentence.fill(field=field, length=length, most=_MOST[field]), text)


def _country(text: str) -> str:
    """Return the code that a code or a country's name stands for. Raises UnfitField."""
    code = text.upper()
    code = OTHER_CODES.get(code, code)
    if not text or code in COUNTRIES:
        return code
    named = _codes_by_name().get(text.casefold())
    if named is None:
        sentence = say("the country is neither an ISO code of two letters nor a country's name")
        raise UnfitField(Field.SHIP_TO_COUNTRY, sentence, text)
    return named


@cache
def _codes_by_name() -> dict[str, str]:
    names = (
        (code, Locale.parse(language).territories.get(code)) for language in _LANGUAGES_OF_NAMES for code in COUNTRIES
    )
    return {name.casefold(): code for code, name in names if name}
