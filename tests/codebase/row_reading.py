"""Where code reads a database row by position: ``row[3]``, ``Thing(*row)``, ``for a, b, c in rows``.

We follow each function from its ``execute`` to the names that hold the result, its rows and one row of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum

LIBRARIES = {"sqlalchemy", "sqlite3"}

EXECUTES = {"execute", "exec_driver_sql"}
GIVES_ROWS = {"all", "fetchall", "fetchmany", "partitions", "tuples", "unique", "yield_per"}
GIVES_ROW = {"first", "fetchone", "one", "one_or_none"}
PASSES_ON = {"filter", "iter", "list", "map", "page_of", "reversed", "set", "sorted", "tuple"}
MAKES_OF_EACH = {"starmap"}

MOST_UNPACKED = 2
"""A pair of a key and a value reads well; of more nobody sees which is which."""


class Held(Enum):
    """What a name or an expression holds."""

    ROWS = "rows"
    ROW = "row"


Names = dict[str, Held]
Scope = ast.Module | ast.FunctionDef


def reads_a_database(tree: ast.Module) -> bool:
    """Tell whether a module imports what gives rows."""
    imported = {
        alias.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {(node.module or "").partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return bool(imported & LIBRARIES)


def read_by_position(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the code of each row that is read by position."""
    if not reads_a_database(tree):
        return
    returned = {
        node.name: held
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (held := _annotated(node.returns))
    }
    found: set[tuple[int, str]] = set()
    scopes: list[Scope] = [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))]
    for scope in scopes:
        found |= set(_Reader(scope, returned).faults())
    yield from sorted(found)


def _annotated(annotation: ast.expr | None, name: str = "") -> Held | None:
    """Return what an annotation promises; ``Any`` and sequences of it are rows where the name says so."""
    written = ast.unparse(annotation) if annotation else ""
    if "Row[" in written:
        return Held.ROW if written.startswith(("Row[", "sqlalchemy.Row[")) else Held.ROWS
    if "Any" in written and name in ("row", "rows"):
        return Held.ROW if name == "row" else Held.ROWS
    return None


class _Reader:
    """One function, or what a module does outside of any, and what its names hold."""

    def __init__(self, scope: Scope, returned: Names) -> None:
        self._nodes = list(_own_nodes(scope))
        self._returned = returned
        self._names: Names = {}
        if isinstance(scope, ast.FunctionDef):
            for argument in (*scope.args.args, *scope.args.kwonlyargs, *scope.args.posonlyargs):
                self._hold(argument, _annotated(argument.annotation, argument.arg))
        before = -1
        while len(self._names) > before:  # A name may be used above the line that fills it.
            before = len(self._names)
            for target, held in self._bindings():
                self._hold(target, held)

    def faults(self) -> Iterator[tuple[int, str]]:
        """Yield line and code of each place that reads a row by position."""
        for target, held in self._bindings():
            if held is Held.ROW and isinstance(target, ast.Tuple | ast.List) and _unpacks_much(target):
                yield target.lineno, f"{ast.unparse(target)} = a row"
        for node in self._nodes:
            if (
                (isinstance(node, ast.Subscript) and self._is_row(node.value) and _is_position(node.slice))
                or (isinstance(node, ast.Starred) and self._is_row(node.value))
                or (isinstance(node, ast.Call) and self._makes_of_row(node))
            ):
                yield node.lineno, ast.unparse(node)

    def _bindings(self) -> Iterator[tuple[ast.expr | ast.arg, Held | None]]:
        """Yield what is filled, and with what: by assignments, loops, and lambdas that are called for each row."""
        for node in self._nodes:
            if isinstance(node, ast.Assign):
                yield from ((target, self._held(node.value)) for target in node.targets)
            elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value:
                yield node.target, self._held(node.value)
            elif isinstance(node, ast.For | ast.comprehension) and self._held(node.iter) is Held.ROWS:
                yield node.target, Held.ROW
            elif isinstance(node, ast.withitem) and node.optional_vars:
                yield node.optional_vars, self._held(node.context_expr)
            elif isinstance(node, ast.Call) and any(self._held(argument) is Held.ROWS for argument in node.args):
                given = (*node.args, *(keyword.value for keyword in node.keywords))
                called = [argument for argument in given if isinstance(argument, ast.Lambda)]
                yield from ((argument, Held.ROW) for each in called for argument in each.args.args)

    def _hold(self, target: ast.expr | ast.arg, held: Held | None) -> None:
        name = target.arg if isinstance(target, ast.arg) else target.id if isinstance(target, ast.Name) else ""
        if held and name:
            self._names[name] = held

    def _held(self, value: ast.expr) -> Held | None:
        """Return what an expression holds; None for anything but rows."""
        match value:
            case ast.Name(name):
                return self._names.get(name)
            case ast.Subscript(of, at):
                return self._held_at(of, at)
            case ast.Call():
                return self._given_by(value)
            case ast.BoolOp(values=choices):
                return next(filter(None, map(self._held, choices)), None)
            case ast.IfExp(body=one, orelse=other):
                return self._held(one) or self._held(other)
            case ast.NamedExpr(value=inner) | ast.Starred(inner):
                return self._held(inner)
            case ast.ListComp(elt=each) | ast.GeneratorExp(elt=each) | ast.SetComp(elt=each):
                return Held.ROWS if self._held(each) is Held.ROW else None
        return None

    def _held_at(self, of: ast.expr, at: ast.expr) -> Held | None:
        if self._held(of) is not Held.ROWS:
            return None
        return Held.ROWS if isinstance(at, ast.Slice) else Held.ROW

    def _given_by(self, call: ast.Call) -> Held | None:
        match call.func:
            case ast.Attribute(attr=name) if name in EXECUTES:
                return Held.ROWS
            case ast.Attribute(value=of, attr=name) if self._held(of) is Held.ROWS:
                return Held.ROWS if name in GIVES_ROWS else Held.ROW if name in GIVES_ROW else None
            case ast.Name(name) if name in PASSES_ON:
                return Held.ROWS if any(self._held(argument) is Held.ROWS for argument in call.args) else None
            case ast.Name("next") if call.args and self._held(call.args[0]) is Held.ROWS:
                return Held.ROW
            case ast.Name(name) | ast.Attribute(attr=name):
                return self._returned.get(name)
        return None

    def _is_row(self, value: ast.expr) -> bool:
        return self._held(value) is Held.ROW

    def _makes_of_row(self, call: ast.Call) -> bool:
        """Tell whether a row, or each of several, is filled into something by position."""
        match call.func:
            case ast.Attribute(attr="_make"):
                return any(self._held(argument) for argument in call.args)
            case ast.Name(name) if name in MAKES_OF_EACH:
                return any(self._held(argument) for argument in call.args)
            case ast.Name("map"):
                makes = any(isinstance(argument, ast.Attribute) and argument.attr == "_make" for argument in call.args)
                return makes and any(self._held(argument) for argument in call.args)
        return False


def _own_nodes(scope: Scope) -> Iterator[ast.AST]:
    """Yield the nodes of a scope without those of the functions in it."""
    waiting: list[ast.AST] = list(scope.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def _is_position(at: ast.expr) -> bool:
    if isinstance(at, ast.UnaryOp):
        at = at.operand
    return isinstance(at, ast.Slice) or (isinstance(at, ast.Constant) and isinstance(at.value, int))


def _unpacks_much(target: ast.Tuple | ast.List) -> bool:
    return len(target.elts) > MOST_UNPACKED or any(isinstance(each, ast.Starred) for each in target.elts)
