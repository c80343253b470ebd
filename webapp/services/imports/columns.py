"""Finds a format's columns in a file's header."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from webapp.domain.control_characters import escape_controls
from webapp.domain.errors import DamagedFile


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
    EXTERNAL_ID = "shop's id of the order"
    LINE_ID = "shop's id of the line"
    UPDATED_AT = "date of the last change"
    CANCELLED_AT = "cancellation date"
    PAYMENT_STATUS = "payment status"
    ORDER_FULFILLMENT = "fulfillment status of the order"
    LINE_FULFILLMENT = "fulfillment status of the line"
    NEEDS_SHIPPING = "whether the line ships"
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


@dataclass(frozen=True)
class TableFormat:
    """A kind of file: the headers of each field. If several headers of a field exist, the first with a value in a row
    counts.

    Headers are compared without case, blanks and underscores. Each field that is not ``optional`` needs one of its
    headers; other columns are not used.
    """

    name: str
    columns: Mapping[Field, tuple[str, ...]]
    optional: frozenset[Field] = frozenset()


@dataclass(frozen=True)
class Layout:
    """Where a file has its format's fields: ``places`` are column indexes by field."""

    places: Mapping[Field, tuple[int, ...]]
    width: int
    unused: tuple[str, ...]

    def values(self, record: Sequence[str]) -> dict[Field, str]:
        """Return the row's values by field, without outer blanks; blank if it has none."""
        return {
            field: next((text for place in places if (text := record[place].strip())), "")
            for field, places in self.places.items()
        }


def lay_out(header: Sequence[str], table: TableFormat, others: Iterable[TableFormat] = ()) -> Layout:
    """Find the format's columns in ``header``. Raises DamagedFile that names missing or duplicate columns.

    ``others`` are formats to suggest if the file looks like one of them.
    """
    positions: dict[str, list[int]] = {}
    for place, title in enumerate(header):
        positions.setdefault(_key(title), []).append(place)
    missing = [titles[0] for field, titles in _required(table) if not any(_key(title) in positions for title in titles)]
    if missing:
        raise DamagedFile(_missing_sentence(header, table, missing, others), missing=missing)
    titles_by_key = {_key(title): title for titles in table.columns.values() for title in titles}
    twice = [title for key, title in titles_by_key.items() if len(positions.get(key, ())) > 1]
    if twice:
        raise DamagedFile(f"The header has {_list(twice)} more than once; which one counts cannot be known.")
    return Layout(
        places={
            field: tuple(positions[_key(title)][0] for title in titles if _key(title) in positions)
            for field, titles in table.columns.items()
        },
        width=len(header),
        unused=tuple(title for title in header if _key(title) not in titles_by_key),
    )


def _missing_sentence(
    header: Sequence[str], table: TableFormat, missing: list[str], others: Iterable[TableFormat]
) -> str:
    keys = {_key(title) for title in header}
    lacks = f"the column {_list(missing)} is" if len(missing) == 1 else f"the columns {_list(missing)} are"
    sentence = f"This is not a file in the format {table.name}: {lacks} missing."
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        return f"{sentence} Its columns are not separated by commas."
    for other in others:
        if all(any(_key(title) in keys for title in titles) for _, titles in _required(other)):
            return f"{sentence} It looks like the format {other.name}: try --format {other.name}"
    return f"{sentence} The header reads: {escape_controls(', '.join(header)[:300])}"


def _required(table: TableFormat) -> list[tuple[Field, tuple[str, ...]]]:
    return [(field, titles) for field, titles in table.columns.items() if field not in table.optional]


def _key(title: str) -> str:
    return title.casefold().replace(" ", "").replace("_", "")


def _list(titles: list[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"
