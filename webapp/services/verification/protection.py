"""What protects the rows stands as the migrations made it: constraints, indexes and triggers, on both engines.

The tables are made again from the models where nobody sees them (in memory, or as temporary tables that are rolled
back), and both are read through the same catalogue, so that no rule is written twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex
from sqlalchemy.pool import StaticPool

from webapp.database.revisions import newest_revisions, present_revisions
from webapp.database.triggers import wrong_triggers
from webapp.models import Base
from webapp.models.rows import rows_of
from webapp.services.verification.findings import Violation

Rule = tuple[str, str, str]
"""A table, the kind of a rule, and its name."""

_SENTENCE: Final = "A rule that protects rows is missing or changed; migrations made another"

_CAST_TO_TEXT: Final = re.compile(r"::(?:character varying|text)(?:\[\])?")
_TEXT_IN_BRACKETS: Final = re.compile(r"\(('[^']*')\)")
_LIST_IN_BRACKETS: Final = re.compile(r"\((ARRAY\[[^]]*\])\)")

_ASLEEP: Final = text(
    "SELECT c.relname AS table_name, t.tgname AS name, 'a trigger that is switched off' AS state FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = current_schema()::regnamespace "
    "AND t.tgenabled NOT IN ('O', 'A') "
    "UNION ALL SELECT c.relname, k.conname, 'a constraint that was never validated' FROM pg_constraint k "
    "JOIN pg_class c ON c.oid = k.conrelid WHERE c.relnamespace = current_schema()::regnamespace "
    "AND NOT k.convalidated "
    "UNION ALL SELECT c.relname, i.relname, 'an index that is not valid' FROM pg_index x "
    "JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid "
    "WHERE c.relnamespace = current_schema()::regnamespace AND NOT x.indisvalid ORDER BY 1, 2"
)
"""Protection of PostgreSQL that is there and does nothing."""


class _Asleep(NamedTuple):
    """A trigger, constraint or index that is not in force."""

    table_name: str
    name: str
    state: str


def verify_protection(connection: Connection) -> Iterator[Violation]:
    """Yield each constraint, index and trigger that is not as the migrations made it. It concerns all stores.

    Raises DBAPIError if the tables cannot be made again: on PostgreSQL that takes the right to temporary tables.
    """
    if not _is_standby(connection):  # A standby cannot make tables, not even temporary ones.
        present = _rules_of(connection, None)
        for rule, definition in _expected_rules(connection.engine).items():
            if present.get(rule) != definition:
                yield _violation(*rule, definition, present.get(rule))
    for table, name in wrong_triggers(connection):
        yield _violation(table, "trigger", name, "as the migrations made it", "missing, changed or switched off")
    if connection.dialect.name == "postgresql":
        for asleep in rows_of(_Asleep, connection.execute(_ASLEEP)):
            kind = "trigger" if "trigger" in asleep.state else "constraint"
            yield _violation(asleep.table_name, kind, asleep.name, "in force", asleep.state)


def verify_revision(connection: Connection, migrations_folder: str) -> Iterator[Violation]:
    """Yield a violation if the database is at another revision than the program: the next update would go wrong."""
    present, newest = (
        ", ".join(sorted(revisions))
        for revisions in (present_revisions(connection), newest_revisions(migrations_folder))
    )
    if present != newest:
        yield _violation("alembic_version", "revision", "version_num", newest, present)


def _violation(table: str, kind: str, name: str, expected: str, present: str | None) -> Violation:
    return Violation(
        invariant=0,
        rule=f"{kind}_stands",
        store_id=None,
        store=None,
        table=table,
        id=name,
        sentence=_SENTENCE,
        named={},
        expected={kind: expected},
        found={kind: present},
    )


def _expected_rules(engine: Engine) -> dict[Rule, str]:
    """Return the rules of the models' tables, as the engine itself describes them."""
    if engine.dialect.name == "sqlite":
        scratch = create_engine("sqlite://", poolclass=StaticPool)
        with scratch.connect() as connection:
            _copy_of_models("sqlite").create_all(connection)
            rules = _rules_of(connection, None)
        scratch.dispose()
        return rules
    with engine.connect() as connection, connection.begin() as transaction:
        _copy_of_models("postgresql").create_all(connection, checkfirst=False)
        own = connection.scalar(text("SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema()"))
        rules = _rules_of(connection, str(own))
        transaction.rollback()
    return rules


def _copy_of_models(engine_name: str) -> MetaData:
    metadata = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        copy = table.to_metadata(metadata)
        if engine_name == "postgresql":
            copy._prefixes = ["TEMPORARY"]
            for check in [one for one in copy.constraints if str(one.name).endswith("_whole")]:
                copy.constraints.remove(check)  # Only for SQLite; a copy forgets that.
        elif _has_tenant_key(copy):
            copy.c.id.autoincrement = False  # SQLite numbers no composite key: ADR 0003.
    return metadata


def _has_tenant_key(table: Table) -> bool:
    return {column.name for column in table.primary_key} == {"store_id", "id"}


def _rules_of(connection: Connection, schema: str | None) -> dict[Rule, str]:
    """Return the rules of our tables by table, kind and name, each in words that can be compared."""
    rules: dict[Rule, str] = {}
    inspector = inspect(connection)
    present = set(inspector.get_table_names(schema)) if schema is None else set(Base.metadata.tables)
    for table in sorted(present & set(Base.metadata.tables)):
        for column in inspector.get_columns(table, schema):
            rules[table, "column", column["name"]] = f"{column['type']}{'' if column['nullable'] else ' NOT NULL'}"
        for columns in _unique_columns(inspector, table, schema):
            rules[table, "key", ", ".join(columns)] = "unique"
        for check in inspector.get_check_constraints(table, schema):
            rules[table, "check", str(check["name"])] = _plain(check["sqltext"])
        for key in inspector.get_foreign_keys(table, schema):
            own = ", ".join(key["constrained_columns"])
            rules[table, "foreign_key", own] = f"{key['referred_table']} ({', '.join(key['referred_columns'])})"
        for index in inspector.get_indexes(table, schema):
            if not index.get("duplicates_constraint"):
                rules[table, "index", str(index["name"])] = _described(index)
    return rules


def _unique_columns(inspector: Any, table: str, schema: str | None) -> Iterator[list[str]]:
    """Yield the columns of each unique key. On SQLite the rowid is the key, and (store_id, id) a unique index."""
    key = inspector.get_pk_constraint(table, schema)["constrained_columns"]
    if key != ["id"] or "store_id" not in Base.metadata.tables[table].c:
        yield sorted(key)
    for constraint in inspector.get_unique_constraints(table, schema):
        yield sorted(constraint["column_names"])


def _described(index: ReflectedIndex) -> str:
    options = index.get("dialect_options", {})
    where = next((str(value) for name, value in options.items() if name.endswith("where")), "")
    words = [*(["unique"] if index["unique"] else []), ", ".join(map(str, index["column_names"]))]
    return " ".join(words) + (f" WHERE {_plain(where)}" if where else "")


def _plain(condition: str) -> str:
    """Return a condition without differences that mean nothing.

    ``pg_restore`` reads what PostgreSQL wrote, and PostgreSQL then writes the casts of texts elsewhere.
    """
    uncast = _CAST_TO_TEXT.sub("", " ".join(condition.split()))
    once = _LIST_IN_BRACKETS.sub(r"\1", _TEXT_IN_BRACKETS.sub(r"\1", uncast))
    return _LIST_IN_BRACKETS.sub(r"\1", once)


def _is_standby(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql" and bool(connection.scalar(text("SELECT pg_is_in_recovery()")))
