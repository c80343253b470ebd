"""Which columns of a file are which fields, when no format knows: guessed from the headers, or chosen by a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from webapp.domain.errors import InvalidInput
from webapp.domain.wording import say
from webapp.services.imports.columns import Field, TableFormat, Titles
from webapp.services.imports.dates import DAY_FIRST, MONTH_FIRST
from webapp.services.imports.file_shape import DELIMITERS, is_encoding
from webapp.services.imports.formats import NATIVE, STOCK
from webapp.services.imports.order_format import PRODUCT, STATE_RULES, OrderFormat
from webapp.services.imports.status_words import A_DAY_OF_SHIPPING, CLOSED, STATUS_WORDS
from webapp.services.imports.synonyms import TOGETHER, fields_of_title, title_word


class FileKind(StrEnum):
    """What a file's rows are."""

    ORDERS = "orders"
    STOCK = "stock"


class DateOrder(StrEnum):
    """Which number of 03/04/2026 is the day; blank lets the file's other dates decide."""

    FROM_FILE = ""
    DAY_FIRST = DAY_FIRST
    MONTH_FIRST = MONTH_FIRST


MOST_TITLE: Final = 200
"""Characters of a title and of a constant."""

MOST_TOGETHER: Final = 5
"""Columns that make one field together."""

_WITH_ZEROS: Final = {",": re.compile(r"-?\d+,0{1,2}(00)?"), ".": re.compile(r"-?\d+\.0{1,2}(00)?")}
_TAIL_OF_ZEROS: Final = {",": re.compile(r",0+$"), ".": re.compile(r"\.0+$")}
_FIELDS: Final = {
    FileKind.ORDERS: frozenset(NATIVE.columns),
    FileKind.STOCK: frozenset(STOCK.columns) - {Field.EXPORTED_FROM},
}


@dataclass(frozen=True)
class ColumnMapping:
    """The columns of one kind of file: the titles of each field, whose cells are put together with a blank between, and
    values that all its rows have. Blank settings are recognised from the file."""

    kind: FileKind = FileKind.ORDERS
    columns: Mapping[Field, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[Field, str] = field(default_factory=dict)
    date_order: DateOrder = DateOrder.FROM_FILE
    decimal_sign: str = ""
    delimiter: str = ""
    encoding: str = ""
    headers: str = ""
    """The mark of the titles of the file for which it was made; blank if it was made without one."""

    def as_format(self, name: str) -> TableFormat:
        """Return the format that reads files by this mapping."""
        columns: dict[Field, tuple[Titles, ...]] = {one: (titles,) for one, titles in self.columns.items()}
        cleaned = {Field.QUANTITY: (_TAIL_OF_ZEROS[self.decimal_sign], "")} if self.decimal_sign else {}
        if self.kind is FileKind.STOCK:
            if Field.SKU not in columns and Field.GTIN in columns:
                columns[Field.SKU] = columns[Field.GTIN]  # A shop without SKUs calls its products by their barcodes.
            return TableFormat(
                name,
                {**dict.fromkeys(STOCK.columns, ()), **columns},
                STOCK.optional,
                (),
                self.constants,
                cleaned=cleaned,
            )
        return OrderFormat(
            name=name,
            columns={**dict.fromkeys(NATIVE.columns, ()), **columns},
            optional=NATIVE.optional,
            one_of=PRODUCT,
            constants=self.constants,
            numeric_dates=True,
            date_order=self.date_order,
            decimal_sign=self.decimal_sign,
            cleaned={**NATIVE.cleaned, **cleaned, Field.ORDER_FULFILLMENT: A_DAY_OF_SHIPPING},
            words=STATUS_WORDS,
            rules=(*CLOSED, *STATE_RULES),
            may_hold_notes=True,
        )

    def as_json(self) -> dict[str, Any]:
        """Return what is stored."""
        return {
            "kind": self.kind.value,
            "columns": {one.value: list(titles) for one, titles in self.columns.items()},
            "constants": {one.value: text for one, text in self.constants.items()},
            "date_order": self.date_order.value,
            "decimal_sign": self.decimal_sign,
            "delimiter": self.delimiter,
            "encoding": self.encoding,
            "headers": self.headers,
        }


def mark_of(header: Sequence[str]) -> str:
    """Return what tells a file's titles apart from others, whatever their case, blanks and signs."""
    return sha256("\n".join(title_word(title) for title in header).encode()).hexdigest()[:32]


def field_called(name: str) -> Field:
    """Return the field with this name, as "order number" or ORDER_NUMBER. Raises InvalidInput."""
    for one in Field:
        if title_word(name) in (title_word(one.value), title_word(one.name)):
            return one
    raise InvalidInput(
        say("There is no field called “%(name)s”. Fields: %(fields)s.", name=name, fields=", ".join(Field))
    )


def mapping_of_json(stored: Any) -> ColumnMapping:
    """Return the mapping that ``as_json`` made. Raises InvalidInput for what is none, or makes no sense."""
    try:
        mapping = ColumnMapping(
            kind=FileKind(stored["kind"]),
            columns={Field(one): tuple(titles) for one, titles in stored["columns"].items()},
            constants={Field(one): text for one, text in stored["constants"].items()},
            date_order=DateOrder(stored["date_order"]),
            decimal_sign=stored["decimal_sign"],
            delimiter=stored["delimiter"],
            encoding=stored["encoding"],
            headers=str(stored.get("headers", "")),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput(say("This is not a mapping of columns.")) from error
    check_mapping(mapping)
    return mapping


def check_mapping(mapping: ColumnMapping) -> None:
    """Refuse a mapping that makes no sense, whatever file it is for. Raises InvalidInput."""
    fields, allowed = {*mapping.columns, *mapping.constants}, fields_of(mapping.kind)
    texts = [text for titles in mapping.columns.values() for text in titles] + list(mapping.constants.values())
    problem = ""
    if not fields <= allowed:
        problem = say("Files of this kind have no such field: %(field)s.", field=min(fields - allowed))
    elif set(mapping.columns) & set(mapping.constants):
        problem = say(
            "“%(field)s” is a column or the same in all rows, not both.",
            field=min(set(mapping.columns) & set(mapping.constants)),
        )
    elif not all(isinstance(text, str) and 0 < len(text) <= MOST_TITLE for text in texts):
        problem = say("A title and a constant have 1 to %(most)s characters.", most=MOST_TITLE)
    elif not all(0 < len(titles) <= MOST_TOGETHER for titles in mapping.columns.values()):
        problem = say("A field is put together from 1 to %(most)s columns.", most=MOST_TOGETHER)
    elif mapping.decimal_sign not in ("", *_TAIL_OF_ZEROS):
        problem = say("The decimal sign is a comma or a point.")
    elif mapping.delimiter not in ("", *DELIMITERS):
        problem = say("The delimiter is one of the characters , ; | or a tab.")
    elif mapping.encoding and not is_encoding(mapping.encoding):
        problem = say("There is no encoding called %(encoding)s.", encoding=mapping.encoding)
    if problem:
        raise InvalidInput(problem)


def fields_of(kind: FileKind) -> frozenset[Field]:
    """Return the fields that a mapping of such files may have."""
    return _FIELDS[kind]


def guess_mapping(
    header: Sequence[str], kind: FileKind, samples: Sequence[Sequence[str]] = (), place: str = ""
) -> ColumnMapping:
    """Return the mapping that the header's words say: the likeliest word has the first choice, after the titles whose
    columns have values.

    ``samples`` are the first values of each column; they say how units are written. ``place`` is where the units of a
    file are that names no place.
    """
    guesses = [
        (not is_filled, rank, place_of_title, one, title)
        for place_of_title, title in enumerate(header)
        for is_filled in [not samples or any(samples[place_of_title : place_of_title + 1])]
        for one, rank in fields_of_title(title, fields_of(kind))
    ]
    columns: dict[Field, tuple[str, ...]] = {}
    for *_, one, title in sorted(guesses):
        if one not in columns and (title,) not in columns.values():
            columns[one] = (title,)
    titles = {title_word(title): title for title in header}
    for one, pairs in TOGETHER.items():
        for pair in pairs:
            words = [title_word(word) for word in pair]
            if one in fields_of(kind) and all(word in titles for word in words):
                columns[one] = tuple(titles[word] for word in words)
    in_order = {one: columns[one] for one in Field if one in columns}
    units = [header.index(title) for title in in_order.get(Field.QUANTITY, ())]
    at_one_place = kind is FileKind.STOCK and place and Field.LOCATION not in columns
    return ColumnMapping(
        kind,
        in_order,
        {Field.LOCATION: place} if at_one_place else {},
        decimal_sign=_decimal_sign([text for one in units for text in ([*samples[one]] if one < len(samples) else [])]),
    )


def _decimal_sign(units: Sequence[str]) -> str:
    """Return the sign before the zeros of units such as 2,00; blank if some are written otherwise, or so that the sign
    may part thousands."""
    return next(
        (sign for sign in _TAIL_OF_ZEROS if units and all(_WITH_ZEROS[sign].fullmatch(one) for one in units)), ""
    )
