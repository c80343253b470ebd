"""Change the values that an enum column allows, without rewriting its table.

On SQLite Alembic rebuilds the table, and loses what it does not know: the ledger's guards and every CHECK. Here the
table stays; only the text of one CHECK changes (ADR 0015).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, String, column, inspect, select, table

from webapp.database.definitions import rewrite_definition

_NAME: Final = re.compile(r"[a-z_]{1,32}")
_LISTED: Final = re.compile(r"'([a-z_]{1,32})'")


class _Check(NamedTuple):
    name: str
    text: str


class KindInUse(RuntimeError):
    """Rows have what the schema was to lose: a kind, or packs. Ledger and order events keep their kinds for good."""


def add_kind(connection: Connection, table_name: str, column_name: str, kind: str, after: str = "") -> None:
    """Allow one more kind in the column, listed after another one as in the enum; without ``after``, the last.

    Raises ValueError as ``change_kinds``, or if there is no kind ``after``.
    """
    kinds = kinds_of(connection, table_name, column_name)
    place = kinds.index(after) + 1 if after else len(kinds)
    change_kinds(connection, table_name, column_name, [*kinds[:place], kind, *kinds[place:]])


def remove_kind(connection: Connection, table_name: str, column_name: str, kind: str) -> None:
    """Allow a kind no more that ``add_kind`` added. Raises like ``change_kinds``."""
    kinds = [other for other in kinds_of(connection, table_name, column_name) if other != kind]
    change_kinds(connection, table_name, column_name, kinds)


def kinds_of(connection: Connection, table_name: str, column_name: str) -> list[str]:
    """Return the kinds that the column allows now, as they are listed."""
    return _LISTED.findall(_check_of(connection, table_name, column_name).text)


def change_kinds(connection: Connection, table_name: str, column_name: str, kinds: Sequence[str]) -> None:
    """Allow exactly ``kinds`` in the column, listed in the enum's order.

    Raises KindInUse if a row has another kind, and ValueError if no CHECK lists the column's kinds.
    """
    if bad := [kind for kind in kinds if not _NAME.fullmatch(kind)]:
        raise ValueError(f"not a name of a kind: {bad}")
    _refuse_to_strand_rows(connection, table_name, column_name, kinds)
    name = _check_of(connection, table_name, column_name).name
    values = ", ".join(f"'{kind}'" for kind in kinds)
    listed = f"CHECK ({column_name} IN ({values}))"
    if connection.dialect.name == "sqlite":
        _rewrite_check(connection, table_name, name, listed)
    else:
        _replace_constraint(connection, table_name, name, listed)


def _refuse_to_strand_rows(connection: Connection, table_name: str, column_name: str, kinds: Sequence[str]) -> None:
    kind = column(column_name, String)
    others = select(kind).select_from(table(table_name)).where(kind.not_in(kinds))
    if (used := connection.execute(others.limit(1)).scalar()) is not None:
        raise KindInUse(f"rows of {table_name} have the {column_name} {used!r}: it cannot be left out")


def _check_of(connection: Connection, table_name: str, column_name: str) -> _Check:
    """Return the CHECK that lists the column's kinds."""
    # PostgreSQL writes a list of one as =; a CHECK that goes on after it says something else.
    lists = re.compile(rf"{column_name}(::text)? (IN \(|= ANY \(|= '[a-z_]{{1,32}}'(::text)?$)")
    checks = inspect(connection).get_check_constraints(table_name)
    listed = [
        _Check(name, check["sqltext"]) for check in checks if (name := check["name"]) and lists.match(check["sqltext"])
    ]
    if len(listed) != 1:
        raise ValueError(f"{table_name}.{column_name} has no CHECK that lists its kinds")
    return listed[0]


def _replace_constraint(connection: Connection, table_name: str, name: str, listed: str) -> None:
    """Replace the CHECK. PostgreSQL then validates the rows: it reads them and writes none."""
    connection.exec_driver_sql(
        f"ALTER TABLE {table_name} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} {listed} NOT VALID"
    )
    connection.exec_driver_sql(f"ALTER TABLE {table_name} VALIDATE CONSTRAINT {name}")


def _rewrite_check(connection: Connection, table_name: str, name: str, listed: str) -> None:
    def rewrite(definition: str) -> str:
        after, changes = re.subn(
            rf"(CONSTRAINT {name} )CHECK \([^()]*\([^()]*\)\)", lambda match: match[1] + listed, definition
        )
        if changes != 1:
            raise ValueError(f"{name} is not written in {table_name} as expected")
        return after

    rewrite_definition(connection, table_name, rewrite)
