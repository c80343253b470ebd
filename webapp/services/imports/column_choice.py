"""What a person needs to say which column is which: the titles, the first values below each, and what is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from webapp.domain.errors import DamagedFile
from webapp.domain.wording import say
from webapp.services.imports.column_mappings import ColumnMapping, FileKind, fields_of, mark_of
from webapp.services.imports.columns import Field
from webapp.services.imports.reading import Source
from webapp.services.imports.source import read_records

MOST_COLUMNS: Final = 200
"""Columns that a person can choose among; the titles that come later are not used."""

CONSTANTS: Final[Mapping[FileKind, Field]] = {FileKind.ORDERS: Field.CHANNEL, FileKind.STOCK: Field.LOCATION}
"""What files often leave out because it is the same in all of their rows."""

_LOOKED_AT: Final = 50
"""Rows in which values are looked for."""

_SAMPLES: Final = 3
_LONGEST_SAMPLE: Final = 40


@dataclass(frozen=True, slots=True)
class FileColumns:
    """A file's titles, the first different values below each, and whether it is a workbook."""

    header: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    is_spreadsheet: bool


def look_at(source: Source) -> FileColumns:
    """Read the titles and the first values. Raises DamagedFile."""
    shape = source.recognize()
    records = [record for _, record in islice(read_records(source.path, shape), _LOOKED_AT)]
    if not records:
        raise DamagedFile(say("The file is empty."))
    header = tuple(records[0])
    samples = tuple(_first_values(records[1:], place) for place in range(min(len(header), MOST_COLUMNS)))
    return FileColumns(header, samples, shape.is_spreadsheet)


def _first_values(records: Sequence[Sequence[str]], place: int) -> tuple[str, ...]:
    texts = dict.fromkeys(record[place].strip() for record in records if place < len(record))
    return tuple(text[:_LONGEST_SAMPLE] for text in islice(filter(None, texts), _SAMPLES))


def choose(
    mapping: ColumnMapping, header: Sequence[str], choices: Mapping[int, str], constants: Mapping[Field, str]
) -> ColumnMapping:
    """Return the mapping with what somebody chose for each column, by its place, and for all rows.

    Columns with the same choice are put together. A column counts before what all rows would have. What is no field of
    such files is not used.
    """
    allowed = {one.value: one for one in fields_of(mapping.kind)}
    columns: dict[Field, tuple[str, ...]] = {}
    for place, title in enumerate(header):
        chosen = allowed.get(choices.get(place, ""))
        if chosen and title:
            columns[chosen] = (*columns.get(chosen, ()), title)
    same = {one: text for one, text in constants.items() if text and one in allowed.values() and one not in columns}
    return ColumnMapping(
        kind=mapping.kind,
        columns={one: columns[one] for one in Field if one in columns},
        constants=same,
        date_order=mapping.date_order,
        decimal_sign=mapping.decimal_sign,
        delimiter=mapping.delimiter,
        encoding=mapping.encoding,
        headers=mark_of(header),
    )
