"""The list of an import's entries: a file beside the upload, which a page reads in parts, however long it is.

It has names of customers, so it lies where the upload lies, and is deleted when that is.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from webapp.domain.import_entries import Entry, EntryKind, EntryPage
from webapp.domain.wording import pack, unpack

PAGE: Final = 25
"""Entries of a page."""

_TABLE: Final = (
    "PRAGMA journal_mode=OFF",
    "PRAGMA synchronous=OFF",
    "CREATE TABLE entries (row INT, id INT, kind TEXT, words TEXT, entry TEXT, PRIMARY KEY (row, id)) WITHOUT ROWID",
    "BEGIN",
)
_COUNTS: Final = "SELECT kind, count(*) FROM entries GROUP BY kind"
_COUNTS_MATCHING: Final = "SELECT kind, count(*) FROM entries WHERE instr(words, :search) > 0 GROUP BY kind"
_SELECT: Final = """
    SELECT kind, entry FROM entries
    WHERE (:kind = '' OR kind = :kind) AND (:search = '' OR instr(words, :search) > 0)
    ORDER BY row, id LIMIT :limit OFFSET :offset
"""
_NAMING: Final = "SELECT row, id, entry FROM entries WHERE instr(words, :search) > 0"
_REWRITE: Final = "UPDATE entries SET words = :words, entry = :entry WHERE row = :row AND id = :id"
_FIELDS: Final = ("row", "name", "channel", "subject", "units", "changes", "value")


class EntryWriter:
    """Writes a list. It takes the place of an earlier one once it is complete; without ``finish`` nothing stays."""

    def __init__(self, path: Path) -> None:
        self._path, self._written = path, path.with_suffix(".writing")
        self._written.unlink(missing_ok=True)
        os.close(os.open(self._written, os.O_CREAT | os.O_EXCL, 0o600))
        self._database = sqlite3.connect(self._written, isolation_level=None)
        for statement in _TABLE:
            self._database.execute(statement)
        self._count = 0

    def add(self, entries: Iterable[Entry]) -> None:
        """Append entries. The list is in the order of their rows."""
        for one in entries:
            self._count += 1
            words = _words(one.name, one.channel, one.subject)
            entry = json.dumps([*(getattr(one, name) for name in _FIELDS), pack(one.reason)], ensure_ascii=False)
            self._database.execute(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?)", (one.row, self._count, one.kind, words, entry)
            )

    def finish(self) -> None:
        """Put the list in its place."""
        self._database.execute("CREATE INDEX of_kind ON entries (kind)")
        self._database.execute("COMMIT")
        self._database.close()
        self._written.replace(self._path)

    def drop(self) -> None:
        """Leave an earlier list as it is."""
        self._database.close()
        self._written.unlink(missing_ok=True)


def read_page(path: Path, kind: EntryKind | None, search: str, page: int) -> EntryPage | None:
    """Return a page (the first is 1) of the list at ``path``; None if there is no list."""
    if not path.is_file():
        return None
    with _opened(path) as database:
        counted = database.execute(_COUNTS_MATCHING if search else _COUNTS, {"search": search.casefold()})
        counts = {EntryKind(name): count for name, count in counted}
        rows = list(_select(database, kind, search, limit=PAGE + 1, offset=(page - 1) * PAGE))
    return EntryPage(rows[:PAGE], counts, len(rows) > PAGE)


def read_all(path: Path, kind: EntryKind | None, search: str) -> Iterator[Entry]:
    """Yield every entry of the list that the filter and the search leave."""
    with _opened(path) as database:
        yield from _select(database, kind, search, limit=-1, offset=0)


def forget_order(path: Path, number: str) -> bool:
    """Forget the customer of an order in the list at ``path``, and what its rows said; return whether it lists the
    order. Raises sqlite3.Error."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA secure_delete=ON")  # Otherwise the file keeps the bytes.
        database.row_factory = sqlite3.Row
        matching = database.execute(_NAMING, {"search": number.casefold()}).fetchall()
        of_order = [one for one in matching if json.loads(one["entry"])[1] == number]
        for one in of_order:
            *values, reason = json.loads(one["entry"])
            fields = {**dict(zip(_FIELDS, values, strict=True)), "subject": "", "value": ""}
            entry = json.dumps([*fields.values(), reason], ensure_ascii=False)
            words = _words(number, fields["channel"], "")
            database.execute(_REWRITE, {"row": one["row"], "id": one["id"], "words": words, "entry": entry})
    return bool(of_order)


def _words(name: str, channel: str, subject: str) -> str:
    """Return what a search looks through."""
    return "\n".join((name, channel, subject)).casefold()


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        yield database


def _select(
    database: sqlite3.Connection, kind: EntryKind | None, search: str, *, limit: int, offset: int
) -> Iterator[Entry]:
    values = {"kind": kind or "", "search": search.casefold(), "limit": limit, "offset": offset}
    for name, entry in database.execute(_SELECT, values):
        *values_of, reason = json.loads(entry)
        fields = dict(zip(_FIELDS, values_of, strict=True))
        yield Entry(EntryKind(name), **{**fields, "changes": tuple(fields["changes"]), "reason": unpack(reason)})
