"""docs/contract.md is true: its tables, statuses, ledger, calls, routes, roles and commands exist."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from typing import Final

import pytest
from click import Group
from flask import Flask

from tests.helpers.databases import settings
from webapp import create_app
from webapp.config import ROOT
from webapp.domain.ledger import SIGNS
from webapp.domain.roles import Role
from webapp.domain.settings import RULES
from webapp.domain.statuses import TRANSITIONS, OrderStatus
from webapp.models import Base, InventoryTransaction

PAGE: Final = (ROOT / "docs" / "contract.md").read_text()
CODE: Final = re.compile(r"`([^`]+)`")
COLUMN: Final = re.compile(r"`([a-z][a-z_]*)`")
NAMED: Final = re.compile(r"<[^>]*>|\{[^}]*\}")
"""An id in an address, as a route or the page writes it."""
API: Final = "/api/v1/store"
CALL: Final = re.compile(r"(\w+)(?:\((.*)\))?")


def section(heading: str) -> str:
    """Return the text below a heading, up to the next one."""
    return PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def rows(heading: str) -> list[list[str]]:
    """Return the cells of a section's table, without its head."""
    lines = [line for line in section(heading).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def cited(cell: str) -> list[str]:
    """Return the code spans of a cell."""
    return CODE.findall(cell)


@pytest.fixture(scope="module")
def application() -> Flask:
    """An application whose routes and commands are read; it serves nobody."""
    return create_app(settings("sqlite://"))


def test_every_table_and_column_of_the_contract_exists() -> None:
    for names, *cells in rows("Tables"):
        tables = [Base.metadata.tables[name] for name in cited(names)]
        columns = {column.name for table in tables for column in table.columns}
        assert set(COLUMN.findall(" ".join(cells))) <= columns, names


def test_the_statuses_and_what_may_follow_are_those_of_the_domain() -> None:
    written = {
        OrderStatus(old): {OrderStatus(new) for new in cited(following)}
        for olds, following in rows("Statuses")
        for old in cited(olds)
    }

    assert written == TRANSITIONS


def test_the_ledger_has_these_columns_and_types() -> None:
    before_the_types = section("Ledger").split("|", 1)[0]

    assert set(cited(before_the_types)) - {"inventory_transactions"} == set(
        InventoryTransaction.__table__.columns.keys()
    )
    assert {cited(kind)[0] for kind, *_ in rows("Ledger")} == {str(kind) for kind in SIGNS}


def test_the_services_have_these_calls() -> None:
    module = ""
    for name, calls, _ in rows("Service calls"):
        module = cited(name)[0] if name else module
        for call in cited(calls):
            match = CALL.fullmatch(call)
            assert match
            function = getattr(import_module(f"webapp.services.{module}"), match[1])
            arguments = [argument.partition("=")[0].strip() for argument in (match[2] or "db, store_id").split(",")]
            assert [*inspect.signature(function).parameters][: len(arguments)] == arguments, call


def requests_of(app: Flask) -> set[str]:
    """Return every method and address of the application, with ids unnamed: GET /orders/<>."""
    return {
        f"{method} {NAMED.sub('<>', rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_the_json_routes_are_these(application: Flask) -> None:
    written = {NAMED.sub("<>", code) for request, _ in rows("JSON") for code in cited(request)}
    below_the_store = {request for request in requests_of(application) if API in request}

    assert {request.replace(" ", f" {API}") for request in written} == below_the_store


def test_the_pages_are_there(application: Flask) -> None:
    written = {NAMED.sub("<>", code) for request, _ in rows("Pages") for code in cited(request)}

    assert written
    assert written <= requests_of(application)


def test_the_roles_are_these() -> None:
    assert [cited(role)[0] for role, _ in rows("Roles")] == [str(role) for role in Role]


def test_the_settings_of_a_store_are_these() -> None:
    assert [name for names, _ in rows("Settings") for name in cited(names)] == [*RULES]


def test_the_commands_are_there(application: Flask) -> None:
    for command in (
        command for commands, _ in rows("Commands") for command in cited(commands) if not command.startswith("--")
    ):
        name, *others = command.split(" ")
        real_command = application.cli.commands[name]
        assert not isinstance(real_command, Group) or others[0] in real_command.commands, command
