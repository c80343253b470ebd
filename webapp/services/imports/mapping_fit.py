"""Which of a store's mappings reads a file: the one that was made for its headers, else one whose columns it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from webapp.domain.errors import DamagedFile
from webapp.services.imports.column_mappings import mark_of
from webapp.services.imports.reading import Source
from webapp.services.imports.saved_mappings import SavedMapping
from webapp.services.imports.source import read_records


def mapping_made_for(source: Source, saved: Sequence[SavedMapping]) -> SavedMapping | None:
    """Return the mapping that somebody made for a file with just these headers, the newest of several."""
    made = [one for one, header in _with_headers(source, saved) if one.mapping.headers == mark_of(header)]
    return max(made, key=lambda one: one.changed_at, default=None)


def mapping_with_columns_of(source: Source, saved: Sequence[SavedMapping]) -> SavedMapping | None:
    """Return the mapping that finds all of its columns in the file; of several the one that takes the most."""
    fitting = [
        one
        for one, header in _with_headers(source, saved)
        if one.mapping.columns
        and {title for titles in one.mapping.columns.values() for title in titles} <= set(header)
        and not one.mapping.as_format(one.name).missing_in(header)
    ]
    return max(fitting, key=lambda one: (len(one.mapping.columns), one.changed_at), default=None)


def _with_headers(source: Source, saved: Sequence[SavedMapping]) -> Iterator[tuple[SavedMapping, list[str]]]:
    """Yield each mapping with the file's header, read as the mapping says that such files are written."""
    headers: dict[tuple[str, str], list[str]] = {}
    for one in saved:
        written = one.mapping.encoding, one.mapping.delimiter
        if written not in headers:
            headers[written] = []
            with suppress(DamagedFile):
                headers[written] = header_of(replace(source, encoding=written[0], delimiter=written[1]))
        yield one, headers[written]


def header_of(source: Source) -> list[str]:
    """Return the file's titles; none of an empty file. Raises DamagedFile."""
    return next(read_records(source.path, source.recognize()), (0, []))[1]
