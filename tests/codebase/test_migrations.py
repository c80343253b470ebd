"""No migration rebuilds an append-only table: its guards would be lost."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.codebase.sources import files, name_of, tree_of
from webapp.database.append_only import TABLES

REBUILDS = frozenset({"batch_alter_table", "drop_table", "rename_table"})
"""Operations that rebuild or drop a table."""

SINCE = "0011"
"""The first revision that is checked; earlier ones only created tables and columns."""


def rebuilt(tree: ast.AST) -> Iterator[str]:
    """Yield the operations on tables in ``TABLES``, or on a table that cannot be read from the code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in REBUILDS:
            tables = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "table_name")]
            if not all(isinstance(name, ast.Constant) and name.value not in TABLES for name in tables):
                yield f"{node.func.attr} in line {node.lineno}"


def test_no_migration_rebuilds_the_ledger_or_the_events() -> None:
    for path in files("migrations/versions", suffix=".py"):
        if path.name >= SINCE:
            assert list(rebuilt(tree_of(path))) == [], f"{name_of(path)}: use webapp.database.stored_enums"


@pytest.mark.parametrize(
    "statement",
    [
        'with op.batch_alter_table("order_events") as batch: pass',
        'with op.batch_alter_table(table_name="inventory_transactions", recreate="always") as batch: pass',
        "with op.batch_alter_table(name) as batch: pass",
        'op.rename_table("order_events", "old")',
    ],
)
def test_a_rebuilding_is_seen(statement: str) -> None:
    assert list(rebuilt(ast.parse(statement)))


def test_other_changes_may_be_made() -> None:
    assert not list(rebuilt(ast.parse('op.batch_alter_table("orders")')))
    assert not list(rebuilt(ast.parse('op.add_column("order_events", column)')))
