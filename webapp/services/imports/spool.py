"""A scratch file for an import's rows, grouped by order, so that memory holds one order at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final

from webapp.services.imports.columns import Field

MAX_VALUE: Final = 1000
"""Characters. None of our fields is longer; a longer value is cut and marked, and its row is rejected."""

MAX_GROUP_ROWS: Final = 5000
"""Most rows of one order in memory together (the largest invoices of real shops have about 1,100)."""

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: its line number, its values by field, and the full lengths of values that were too long."""

    number: int
    values: Mapping[Field, str]
    cut: Mapping[Field, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one order, in the file's order. If ``too_large``, a part of them; more parts may follow."""

    rows: Sequence[Row]
    too_large: bool = False
    continued: bool = False


class Spool:
    """Takes rows and returns groups of rows, in the order in which groups first appeared.

    Rows of a group need not be adjacent in the file. ``fields`` are the rows' fields. ``digest`` is the SHA-256 (hex)
    of all values; line ends, quoting and unused columns do not change it.
    """

    def __init__(self, fields: Iterable[Field]) -> None:
        self._fields = tuple(fields)
        self._database = _open_scratch()
        self._digest = sha256()
        self._batch: list[tuple[int, int, str]] = []
        self._ordinal = 0
        self.last_key: str | None = None
        """Key of the last row added."""
        self.rows = 0
        self.group_count = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    def add(self, key: str | None, number: int, values: Mapping[Field, str]) -> None:
        """Store a row of the group ``key``; without a key it is a group of its own."""
        texts = [values[name] for name in self._fields]
        cut = [place for place, text in enumerate(texts) if len(text) > MAX_VALUE]
        row = json.dumps([[text[:MAX_VALUE] for text in texts] if cut else texts, cut], ensure_ascii=False)
        self._digest.update(row.encode())  # Keys of earlier imports are made of it, so it has no lengths.
        if cut:
            row = json.dumps([[text[:MAX_VALUE] for text in texts], [[place, len(texts[place])] for place in cut]])
        if key is None or key != self.last_key:
            self._ordinal, self.last_key = self._find(key), key
        self._batch.append((self._ordinal, number, row))
        self.rows += 1
        if len(self._batch) >= _BATCH:
            self._write()

    def count_alike(self, text: str) -> int:
        """Return how often this text was given here before."""
        (times,) = self._database.execute(
            "INSERT INTO alike VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times",
            (sha256(text.encode()).digest(),),
        ).fetchone()
        return int(times) - 1

    def groups(self) -> Iterator[Group]:
        """Yield each group. Call this after the last ``add``."""
        self._write()
        sizes = self._database.execute("SELECT ordinal, count(*) FROM rows GROUP BY ordinal ORDER BY ordinal")
        for ordinal, size in sizes:
            rows = self._read(ordinal)
            for first in range(0, size, MAX_GROUP_ROWS):
                part = list(islice(rows, MAX_GROUP_ROWS))
                yield Group(part, too_large=size > MAX_GROUP_ROWS, continued=first > 0)

    def _read(self, ordinal: int) -> Iterator[Row]:
        rows = self._database.execute("SELECT number, row FROM rows WHERE ordinal = ? ORDER BY number", (ordinal,))
        for number, row in rows:
            texts, cut = json.loads(row)
            lengths = {self._fields[place]: length for place, length in cut}
            yield Row(number, dict(zip(self._fields, texts, strict=True)), lengths)

    def _find(self, key: str | None) -> int:
        """Return the group's number; a new key gets a new one."""
        group = self._database.execute(
            "INSERT INTO groups (key) VALUES (?) ON CONFLICT DO NOTHING RETURNING ordinal", (key,)
        ).fetchone()
        if group is None:
            group = self._database.execute("SELECT ordinal FROM groups WHERE key = ?", (key,)).fetchone()
        else:
            self.group_count += 1
        (ordinal,) = group
        return int(ordinal)

    def _write(self) -> None:
        self._database.executemany("INSERT INTO rows VALUES (?, ?, ?)", self._batch)
        self._batch.clear()


def _open_scratch() -> sqlite3.Connection:
    """Open the scratch database in an unnamed file: its rows vanish however the process ends."""
    with TemporaryDirectory(prefix="packbench-import-") as folder:
        database = sqlite3.connect(Path(folder) / "rows", isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA synchronous=OFF",
            "PRAGMA cache_size=-4000",
            "CREATE TABLE groups (ordinal INTEGER PRIMARY KEY, key TEXT UNIQUE)",
            "CREATE TABLE alike (text BLOB PRIMARY KEY, times INT) WITHOUT ROWID",
            "CREATE TABLE rows (ordinal INT, number INT, row TEXT, PRIMARY KEY (ordinal, number)) WITHOUT ROWID",
            "BEGIN",
        ):
            database.execute(statement)
    return database
