"""Finds a format's columns in a file's header."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from webapp.domain.control_characters import escape_controls
from webapp.domain.errors import DamagedFile
from webapp.domain.spreadsheets import as_meant
from webapp.domain.wording import say


class Field(StrEnum):
    """What a column can contain."""

    ORDER_NUMBER = "order number"
    ORDERED_AT = "order date"
    SHIP_BY = "ship-by date"
    CUSTOMER_NAME = "customer name"
    CHANNEL = "channel"
    SKU = "SKU"
    GTIN = "GTIN"
    PRODUCT_NAME = "product name"
    QUANTITY = "quantity"
    WAREHOUSE = "warehouse"
    LOCATION = "location"
    EXPORTED_FROM = "store that exported it"
    WEIGHT = "weight in grams"
    HS_CODE = "HS code"
    ORIGIN = "country of origin"
    EXTERNAL_ID = "shop's id of the order"
    LINE_ID = "shop's id of the line"
    UPDATED_AT = "date of the last change"
    CANCELLED_AT = "cancellation date"
    PAYMENT_STATUS = "payment status"
    ORDER_FULFILLMENT = "fulfillment status of the order"
    LINE_FULFILLMENT = "fulfillment status of the line"
    NEEDS_SHIPPING = "whether the line ships"
    REFUNDED_UNITS = "units refunded"
    LINE_NUMBER = "number of the line"
    UNIT_PRICE = "unit price"
    CURRENCY = "currency"
    LINE_DISCOUNT = "discount of the line"
    SUBTOTAL = "subtotal"
    DISCOUNT = "discount"
    SHIP_TO_NAME = "ship-to name"
    SHIP_TO_COMPANY = "ship-to company"
    SHIP_TO_LINE1 = "first address line"
    SHIP_TO_LINE2 = "second address line"
    SHIP_TO_LINE3 = "third address line"
    SHIP_TO_POSTCODE = "postcode"
    SHIP_TO_CITY = "city"
    SHIP_TO_REGION = "region"
    SHIP_TO_COUNTRY = "country"
    PHONE = "phone number"
    EMAIL = "e-mail address"
    LANGUAGE = "language"
    SHIPPING_METHOD = "shipping method"
    CUSTOMER_NOTE = "customer's note"
    PACKING_NOTE = "packing note"
    GIFT_TEXT = "gift text"


Titles = str | tuple[str, ...]
"""A column's header, or several whose cells are put together, with a blank between."""


@dataclass(frozen=True)
class TableFormat:
    """A kind of file: the headers of each field. If several headers of a field exist, the first with a value in a row
    counts.

    Headers are compared without case, blanks and underscores. Each field that is not ``optional`` needs one of its
    headers, or is one of the ``constants``; other columns are not used.
    """

    name: str
    columns: Mapping[Field, tuple[Titles, ...]]
    optional: frozenset[Field] = frozenset()
    one_of: tuple[Field, ...] = ()
    """Optional fields of which a file needs at least one."""
    constants: Mapping[Field, str] = field(default_factory=dict)
    """Values that every row has."""
    instead: Mapping[Field, tuple[Titles, ...]] = field(default_factory=dict)
    """The columns of another address: it counts as a whole where a row has nothing in the first one."""
    cleaned: Mapping[Field, tuple[re.Pattern[str], str]] = field(default_factory=dict)
    """Field → (pattern, replacement), applied before anything else reads the value."""
    known_by: tuple[str, ...] = ()
    """Titles of which a file has at least one if it is to be taken for this format without being told."""

    def __post_init__(self) -> None:
        """Let every constant be a field."""
        object.__setattr__(self, "columns", {**dict.fromkeys(self.constants, ()), **self.columns})

    def clean(self, values: dict[Field, str]) -> None:
        """Replace in a row's values what ``cleaned`` says."""
        for name, (pattern, replacement) in self.cleaned.items():
            values[name] = pattern.sub(replacement, values[name])

    def repeats_header(self, values: Mapping[Field, str]) -> bool:
        """Return whether a row is the header once more: files that were put together have it in their middle."""
        return any(values.get(name) for name in self.columns if name not in self.constants) and all(
            any(_key(text) == _key(" ".join(_parts(titles))) for titles in self.columns[name])
            for name, text in values.items()
            if text and name not in self.constants
        )

    def missing_in(self, header: Sequence[str]) -> list[Field]:
        """Return the fields that a file with this header lacks."""
        keys = {_key(title) for title in header}
        missing = [
            name
            for name, choice in self.columns.items()
            if name not in self.optional and name not in self.constants and not _has_one(choice, keys)
        ]
        if self.one_of and not any(_has_one(self.columns.get(name, ()), keys) for name in self.one_of):
            missing.append(self.one_of[0])
        return missing

    def is_recognised_in(self, header: Sequence[str]) -> bool:
        """Return whether a file with this header is of this format, as far as headers can tell."""
        keys = {_key(title) for title in header}
        return not self.missing_in(header) and (not self.known_by or _has_one(self.known_by, keys))

    def unused_in(self, header: Sequence[str]) -> tuple[str, ...]:
        """Return the titles of the header's columns that no field takes."""
        choices = (*self.columns.values(), *self.instead.values())
        used = {_key(title) for choice in choices for titles in choice for title in _parts(titles)}
        return tuple(title for title in header if _key(title) and _key(title) not in used)


@dataclass(frozen=True)
class Layout:
    """Where a file has its format's fields: ``places`` are column indexes by field, in the order in which they count;
    the cells of a group are put together."""

    places: Mapping[Field, tuple[tuple[int, ...], ...]]
    width: int
    unused: tuple[str, ...]
    constants: Mapping[Field, str] = field(default_factory=dict)
    instead: Mapping[Field, tuple[tuple[int, ...], ...]] = field(default_factory=dict)

    def values(self, record: Sequence[str]) -> dict[Field, str]:
        """Return the row's values by field, without outer blanks; blank if it has none."""
        values = _values(record, self.places)
        if self.instead and not any(values[name] for name in self.instead):
            values |= _values(record, self.instead)
        if self.constants and any(values.values()):
            values |= self.constants
        return values


def _values(record: Sequence[str], places: Mapping[Field, tuple[tuple[int, ...], ...]]) -> dict[Field, str]:
    return {
        name: next((text for group in groups if (text := _text_of(record, group))), "")
        for name, groups in places.items()
    }


def _text_of(record: Sequence[str], group: tuple[int, ...]) -> str:
    if len(group) == 1:
        return as_meant(record[group[0]].strip())
    return " ".join(filter(None, (record[place].strip() for place in group)))


_SHOWN_HEADER: Final = 150
"""Characters: the sentence with it has to fit into an import's row, to be translated for who reads it."""


def lay_out(header: Sequence[str], table: TableFormat, others: Iterable[TableFormat] = ()) -> Layout:
    """Find the format's columns in ``header``. Raises DamagedFile that names missing or duplicate columns.

    ``others`` are formats to suggest if the file looks like one of them.
    """
    positions: dict[str, list[int]] = {}
    for place, title in enumerate(header):
        positions.setdefault(_key(title), []).append(place)
    missing = [_title(table, name) for name in table.missing_in(header)]
    if missing:
        raise DamagedFile(_missing_sentence(header, table, missing, others), missing=missing)
    titles_by_key = {
        _key(title): title for choice in table.columns.values() for titles in choice for title in _parts(titles)
    }
    twice = [title for key, title in titles_by_key.items() if len(positions.get(key, ())) > 1]
    if twice:
        raise DamagedFile(
            say("The header has %(titles)s more than once; which one counts cannot be known.", titles=_list(twice))
        )
    return Layout(
        places={name: _groups(choice, positions) for name, choice in table.columns.items()},
        width=len(header),
        unused=table.unused_in(header),
        constants=table.constants,
        instead={name: _groups(choice, positions) for name, choice in table.instead.items()},
    )


def _groups(choice: Iterable[Titles], positions: Mapping[str, list[int]]) -> tuple[tuple[int, ...], ...]:
    groups = (
        tuple(positions[_key(title)][0] for title in _parts(titles) if _key(title) in positions) for titles in choice
    )
    return tuple(group for group in groups if group)


def _title(table: TableFormat, name: Field) -> str:
    return next((_parts(titles)[0] for titles in table.columns.get(name, ())), name)


def _missing_sentence(
    header: Sequence[str], table: TableFormat, missing: list[str], others: Iterable[TableFormat]
) -> str:
    likely = next((other.name for other in others if other.is_recognised_in(header)), "")
    if likely:
        advice = say("It looks like the format %(format)s: try --format %(format)s", format=likely)
    else:
        advice = say("The header reads: %(header)s", header=escape_controls(", ".join(header)[:_SHOWN_HEADER]))
    values = {"format": table.name, "titles": _list(missing), "advice": advice}
    if len(missing) == 1:
        return say(
            "This is not a file in the format %(format)s: the column %(titles)s is missing. %(advice)s", **values
        )
    return say("This is not a file in the format %(format)s: the columns %(titles)s are missing. %(advice)s", **values)


def _has_one(choice: Iterable[Titles], keys: Container[str]) -> bool:
    return any(_key(title) in keys for titles in choice for title in _parts(titles))


def _parts(titles: Titles) -> tuple[str, ...]:
    return (titles,) if isinstance(titles, str) else titles


def _key(title: str) -> str:
    return title.casefold().replace(" ", "").replace("_", "")


def _list(titles: list[str]) -> str:
    return (
        titles[0]
        if len(titles) == 1
        else say("%(several)s and %(last)s", several=", ".join(titles[:-1]), last=titles[-1])
    )
