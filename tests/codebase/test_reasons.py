"""Services write only ``SystemReason`` and people's reasons; no presenter could translate any other."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import pytest

from tests.codebase.sources import files, name_of, tree_of

WORDS = ("reason", "resolution")
"""Names of parameters, columns and keys that hold a stored reason."""

Functions = Mapping[str, tuple[str, ...]]


def functions() -> Functions:
    """Return the functions of the services that take a reason to store, each with its parameters by position.

    Imports use the word for why a row was left out; what they store goes through the functions of the others.
    """
    literals_by_file: dict[str, tuple[str, ...]] = {}
    for path in files("webapp/services", suffix=".py"):
        if "imports" not in path.parts:
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.FunctionDef):
                    names = [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)]
                    if {*WORDS} & {*names}:
                        literals_by_file[node.name] = tuple(name for name in names if name != "self")
    return literals_by_file


def spelled_out(tree: ast.AST, takes: Functions) -> Iterator[str]:
    """Yield each place that stores a text of the program's own as a reason."""
    text_names = texts_by_name(tree)
    for node in ast.walk(tree):
        for value in stored_by(node, takes):
            if any(is_text(part, text_names) for part in ast.walk(value)) and not is_system_reason(value):
                yield f"line {value.lineno}: {ast.unparse(value)}"


def stored_by(node: ast.AST, takes: Functions) -> Iterator[ast.expr]:
    """Yield what a call, a dictionary or an assignment stores as a reason."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        names = takes.get(name, ())
        yield from (value for parameter, value in zip(names, node.args, strict=False) if parameter in WORDS)
        yield from (word.value for word in node.keywords if names and word.arg in WORDS)
    elif isinstance(node, ast.Dict):
        keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
        yield from (value for key, value in zip(keys, node.values, strict=True) if key in WORDS)
    elif isinstance(node, ast.Assign) and any(getattr(target, "attr", "") in WORDS for target in node.targets):
        yield node.value


def texts_by_name(tree: ast.AST) -> set[str]:
    """Return the names that a text is assigned to, wherever in the module."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                pairs = zip(parts_of(target), parts_of(node.value), strict=False)
                names |= {name.id for name, value in pairs if isinstance(name, ast.Name) and is_text(value, set())}
    return names


def parts_of(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def is_text(node: ast.AST, text_names: set[str]) -> bool:
    """Return whether the node is a text literal, a composed text, or a name for one; a blank text is no reason."""
    if isinstance(node, ast.Name):
        return node.id in text_names
    spelled = isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != ""
    return spelled or isinstance(node, ast.JoinedStr)


def is_system_reason(value: ast.expr) -> bool:
    return ast.unparse(value).startswith("SystemReason.")


def test_services_store_no_reason_that_they_spelled_out_themselves() -> None:
    takes = functions()
    literals_by_file = {
        name_of(path): list(spelled_out(tree_of(path), takes)) for path in files("webapp/services", suffix=".py")
    }

    assert {name: places for name, places in literals_by_file.items() if places} == {}


@pytest.mark.parametrize(
    "code",
    [
        'operation.record(order, kind, reason="Order refunded")',
        'settle(operation, [item], "All units shipped")',
        'settle(operation, [item], f"Matched to {sku}")',
        'settle(operation, [item], say("All units shipped"))',
        'cancel_order(db, store_id, order_id, given or "Status set")',
        'FOUND = "Found"\noperation.move(place, kind, 1, 0, reason=FOUND)',
        'reason, units = "Refunded", 2\noperation.record(order, kind, reason=reason)',
        'found.resolution = "Closed"',
        'rows = [{"reason": "Imported"}]',
    ],
)
def test_a_reason_that_is_spelled_out_is_seen(code: str) -> None:
    assert list(spelled_out(ast.parse(code), functions()))


@pytest.mark.parametrize(
    "code",
    [
        "operation.record(order, kind, reason=reason)",
        "operation.record(order, kind, reason=SystemReason.ORDER_REFUNDED())",
        'operation.record(order, kind, reason="")',
        'settle(operation, [item], SystemReason.STATUS_SET(status="cancelled"))',
    ],
)
def test_what_a_person_gave_and_a_system_reason_may_be_stored(code: str) -> None:
    assert not list(spelled_out(ast.parse(code), functions()))
