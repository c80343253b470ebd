"""Each folder imports only what docs/architecture.md allows, and work happens in its layer."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.codebase.sources import files, imports_of, name_of, tree_of
from webapp.config import ROOT

EDGE = {"problems", "logs", "paths", "compression"}
"""Modules beside the folders, shared by everything that faces the outside."""

MAY_IMPORT = {
    "domain": set(),
    "models": {"domain"},
    "database": {"models", "domain"},  # ADR 0001: the unit of work stores idempotency keys.
    "services": {
        "models",
        "domain",
        "database",
        "schemas",
    },  # The operation's id; OrderUpdate, as the contract calls it.
    "schemas": {"domain"},
    "forms": {"domain", "languages"},
    "presenters": {"domain", "languages"},
    "auth": {"models", "domain", "extensions", "request_session"},
    "api": {"schemas", "services", "auth", "domain", "database", "extensions"} | EDGE,
    "web": {
        "backups",
        "config",
        "forms",
        "presenters",
        "schemas",
        "services",
        "auth",
        "domain",
        "database",
        "extensions",
        "languages",
        "processes",
    }
    | EDGE,
    "cli": {
        "backups",
        "demo",
        "schemas",
        "services",
        "models",
        "auth",
        "domain",
        "database",
        "extensions",
        "processes",
    },
    "backups": {"config", "services", "models", "database", "domain", "processes"},
    "demo": {"services", "schemas", "models", "database", "domain"},
    "server": {"security"},
}

ALSO = {"webapp/web/errors.py": {"api"}, "webapp/web/sessions.py": {"demo"}}
"""One handler turns every error into a page, or for a program into problem+json; the sign-in page of a demo store
offers its people."""

CHANGES_STOCK = "webapp.services.engine.operation"
USE_CASES = "webapp.services."

WITHOUT = {
    "domain": ["*"],
    "models": ["flask", "werkzeug"],
    "database": ["flask", "werkzeug"],
    "services": ["flask", "werkzeug", "wtforms", "marshmallow"],
    "presenters": ["flask", "werkzeug", "sqlalchemy"],
    "forms": ["sqlalchemy"],
    "schemas": ["sqlalchemy", "flask", "werkzeug"],
    "web": ["sqlalchemy"],
    "api": ["sqlalchemy"],
}
"""Libraries that a folder has no business with; ``*`` is all of them. Every edge may name a
Session and tell SQLAlchemy's errors apart; what builds statements is elsewhere."""

FOLDERS = pytest.mark.parametrize("folder", sorted(MAY_IMPORT))


def layer_of(module: str) -> str:
    return module.split(".")[1]


@FOLDERS
def test_a_folder_imports_only_the_layers_below_it(folder: str) -> None:
    for path in files(f"webapp/{folder}", suffix=".py"):
        allowed = MAY_IMPORT[folder] | ALSO.get(name_of(path), set()) | {folder}
        ours = {layer_of(module) for module in imports_of(path) if module.startswith("webapp.")}
        assert ours <= allowed, f"{name_of(path)} imports {ours - allowed}"


def modules_of_services(*drawers: str) -> list[Path]:
    return [path for drawer in drawers for path in files(f"webapp/services/{drawer}", suffix=".py")]


def is_a_use_case(module: str) -> bool:
    """Return whether a module is at the top of the services, outside of every drawer."""
    return (ROOT / "webapp/services" / f"{module.removeprefix(USE_CASES)}.py").is_file()


def test_reads_and_checks_never_open_an_operation() -> None:
    for path in modules_of_services("reads", "people", "pictures", "verification"):
        assert CHANGES_STOCK not in set(imports_of(path)), f"{name_of(path)} opens an Operation"


def test_the_drawers_of_services_know_nothing_of_the_use_cases_above_them() -> None:
    for path in modules_of_services("engine", "reads", "people", "pictures", "verification"):
        above = {module for module in imports_of(path) if module.startswith(USE_CASES) and is_a_use_case(module)}
        assert not above, f"{name_of(path)} imports {above}"


def test_the_engine_needs_no_other_drawer() -> None:
    for path in modules_of_services("engine"):
        others = {module.split(".")[2] for module in imports_of(path) if module.startswith(USE_CASES)} - {"engine"}
        assert not others, f"{name_of(path)} imports {others}"


def test_every_folder_has_its_place_among_the_layers() -> None:
    assert {path.name for path in Path("webapp").iterdir() if (path / "__init__.py").exists()} == set(MAY_IMPORT)


@pytest.mark.parametrize("folder", sorted(WITHOUT))
def test_a_folder_keeps_clear_of_libraries_that_are_not_its_own(folder: str) -> None:
    for path in files(f"webapp/{folder}", suffix=".py"):
        foreign = {module for module in imports_of(path) if is_foreign(module, WITHOUT[folder])}
        assert not foreign, f"{name_of(path)} imports {foreign}"


def is_foreign(module: str, unwanted: list[str]) -> bool:
    library = module.split(".")[0]
    if library in ("webapp", "__future__") or module in ("sqlalchemy.exc", "sqlalchemy.orm"):
        return False
    return library not in sys.stdlib_module_names if unwanted == ["*"] else library in unwanted


def test_only_the_unit_of_work_commits() -> None:
    committing = {
        name_of(path)
        for path in files("webapp", suffix=".py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit" and "savepoint" not in ast.unparse(node.value)
    }

    connections = {"webapp/database/postgresql_connection.py", "webapp/database/sqlite_connection.py"}
    assert committing <= {"webapp/database/unit_of_work.py", *connections}


@pytest.mark.parametrize("folder", ["web", "api"])
def test_a_route_holds_no_query(folder: str) -> None:
    queries = {"execute", "scalars", "scalar", "query", "get_one", "select"}
    for path in files(f"webapp/{folder}", suffix=".py"):
        calls = {
            node.func.attr
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert not calls & queries, f"{name_of(path)} asks the database itself: {calls & queries}"


def test_every_folder_says_what_lives_in_it() -> None:
    for package in files("webapp", "tests", "bench", suffix="__init__.py"):
        assert ast.get_docstring(tree_of(package)), f"{name_of(package)} has no docstring"
    for folder in {path.parent for path in files("webapp", "tests", "bench", suffix=".py")}:
        assert (folder / "__init__.py").exists(), f"{name_of(folder)} has no __init__.py"


def test_only_perform_asks_why_a_form_was_refused() -> None:
    catching = {
        name_of(path)
        for path in files("webapp/web", suffix=".py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler) and node.type and "ConflictError" in ast.unparse(node.type)
    }

    assert catching == {"webapp/web/performing.py"}


def test_no_template_writes_the_token_of_a_form_by_hand() -> None:
    by_hand = [name_of(path) for path in files("templates", suffix=".html") if 'name="csrf_token"' in path.read_text()]

    assert not by_hand
