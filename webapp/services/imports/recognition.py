"""Recognises what an uploaded file holds, and shows its first rows as an import will read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final

from webapp.domain.errors import DamagedFile, InvalidInput
from webapp.domain.import_jobs import MAPPED, ImportKind
from webapp.domain.pictures import NoPicture, format_of
from webapp.domain.wording import say
from webapp.services.imports.column_mappings import ColumnMapping, mapping_of_json
from webapp.services.imports.columns import Field, TableFormat
from webapp.services.imports.formats import ORDER_FORMATS, STOCK
from webapp.services.imports.mapping_fit import mapping_made_for, mapping_with_columns_of
from webapp.services.imports.preview import guess, preview
from webapp.services.imports.reading import Source
from webapp.services.imports.saved_mappings import SavedMapping
from webapp.services.imports.zip_archives import names_in_zip

PICTURES: Final = "pictures"

FORMATS: Final[Mapping[str, ImportKind]] = {
    **dict.fromkeys(ORDER_FORMATS, ImportKind.ORDERS),
    STOCK.name: ImportKind.STOCK,
    PICTURES: ImportKind.PICTURES,
}
"""Everything that a file may be, by the name that a job keeps; beside it there is ``MAPPED``."""

SHOWN_ROWS: Final = 5


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file holds. The format is blank if it is not clear; the mapping is then one to begin with."""

    kind: ImportKind
    format: str
    mapping: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The fields that the first rows fill, and each row's number with its values of these fields, and why it is left
    out."""

    fields: tuple[Field, ...] = ()
    rows: tuple[tuple[int, tuple[str, ...], str], ...] = ()
    unused_columns: tuple[str, ...] = ()
    problem: str = ""
    """Why there are none."""


def recognise(path: Path, saved: Sequence[SavedMapping] = (), place: str = "") -> Recognised:
    """Say what the file holds: what a mapping of the store was made for, else what a format knows, else what a mapping
    can read.

    ``place`` is where the units of a file of stock are that names no place. Raises DamagedFile if nothing of it can be
    read.
    """
    if _holds_pictures(path):
        return Recognised(ImportKind.PICTURES, PICTURES)
    source = Source(path)
    if made := mapping_made_for(source, saved):
        return _by(made)
    guessed = guess(source, place=place)
    kind = ImportKind(guessed.kind.value)
    if guessed.format_name:
        return Recognised(kind, guessed.format_name)
    if fitting := mapping_with_columns_of(source, saved):
        return _by(fitting)
    return Recognised(kind, "", guessed.mapping.as_json())


def _by(saved: SavedMapping) -> Recognised:
    return Recognised(ImportKind(saved.mapping.kind.value), MAPPED, saved.of_job())


def kind_of_mapping(mapping: Mapping[str, Any] | None) -> ImportKind:
    """Return what the files of a job's mapping hold. Raises DamagedFile if it no longer makes sense."""
    return ImportKind(_readable(mapping).kind.value)


def source_of(path: Path, format_name: str, mapping: Mapping[str, Any] | None) -> Source:
    """Return the file of a job, written as the job's mapping says if it reads by one. Raises DamagedFile if that no
    longer makes sense."""
    if format_name != MAPPED or mapping is None:
        return Source(path)
    how = _readable(mapping)
    return Source(path, how.encoding, how.delimiter)


def table_of_job(kind: ImportKind, format_name: str, mapping: Mapping[str, Any] | None) -> TableFormat:
    """Return the format by which a job reads its file. Raises DamagedFile if nobody has said which, or its mapping no
    longer makes sense."""
    if format_name == MAPPED and mapping is not None:
        return _readable(mapping).as_format(MAPPED)
    table = STOCK if kind is ImportKind.STOCK else ORDER_FORMATS.get(format_name)
    if table is None:
        raise DamagedFile(say("Say first what the file holds."))
    return table


def _readable(mapping: Mapping[str, Any] | None) -> ColumnMapping:
    try:
        return mapping_of_json(mapping)
    except InvalidInput as error:
        raise DamagedFile(error.message) from error


def first_rows(source: Source, table: TableFormat, zone: tzinfo) -> FirstRows:
    """Return the file's first rows by the table's fields. A file that cannot be read that way says why."""
    try:
        seen = preview(source, table, zone, SHOWN_ROWS)
    except DamagedFile as damage:
        return FirstRows(problem=damage.message)
    fields = tuple(field for field in Field if any(row.values.get(field) for row in seen.rows))
    rows = tuple((row.number, tuple(row.values.get(field, "") for field in fields), row.reason) for row in seen.rows)
    return FirstRows(fields, rows, seen.unused)


def _holds_pictures(path: Path) -> bool:
    """Return whether this is an archive of pictures."""
    return any(map(_is_picture, names_in_zip(path)[:1000]))


def _is_picture(name: str) -> bool:
    try:
        format_of(name)
    except NoPicture:
        return False
    return not name.startswith(("xl/", "Pictures/"))  # Those are a spreadsheet's own.
