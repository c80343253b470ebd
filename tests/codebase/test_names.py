"""One thing has one name, and a name is one thing."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from tests.codebase.sources import files, name_of, tree_of

GIVEN_BY_A_LIBRARY: Final = {"Meta"}
"""Inner classes with which WTForms and marshmallow are set up: the libraries choose the name."""

LOSERS: Final = {
    "claims?|claimed": "allocation; an idempotency key is taken",
    "take_back|taken_back|reverse|reversed": "undo",
    "shortages?": "short pick, missing units, skipped",
    "gaps?": "missing units",
    "skip_reason|skips": "cause",
    "line_item|order_line": "order item",
    "package|packages|packet": "parcel",
    "audit|timeline": "trail, event",
    "request_id": "operation_id",
    "address|permanent_link": "href of a link, path of a form",
    "way_out": "hint",
    "in_hand|look_again|fall_short|put_together|known_again": "under lock, reload, missing, …",
    "told|tells|said|sayings?|deed|lately|gone|wanted|unwanted|typed|anew|vain": "a noun or verb of the trade",
    "found": "match; of units on the shelf: found units",
    "(?<!.)(known|moved|sent|meant|given|asked|met|taken)(?!.)": "a noun",
}
"""Names that lost, by what won. They are words of a name, or all of it, in functions, classes, modules and values."""

MAY_STAY: Final = {
    "found_units|found_on_shelf|found_quantity": "units found on the shelf: the button's words, an event's, a field's",
    "not_found": "HTTP's name for the error 404",
    "nothing_found": "what the list says of a search that matches nothing",
    "services/verification/findings:found": "``stock verify --json`` says what it expected and what it found",
    "services/verification/ledger:gaps_in_seq": "numbers that the ledger's sequence leaves out",
    "services/verification/ledger_links:reversed_twice": "rows of the ledger reverse others (``reverses_id``)",
    "logs:request_id": "the id of an HTTP request, which only the log knows",
}
"""Names that may hold one of them, and why; a module before the colon says where."""

LISTED_TWICE: Final = {
    "_LATE": "a tone of a screen, and a name in a query",
    "PAGE": "each list has a length of its own",
}
"""Constants that may stand in two modules with one value, and why."""

NEEDED: Final = re.compile(r"\A\{# needs:(.*?)#\}", re.DOTALL)
A_TYPE: Final = re.compile(r"\((?:[\w.]+\.)?([A-Z][a-z]+[A-Z]\w+)")
"""A type of the code in what a template says that it needs: ``screen (OrderListScreen)``."""


def classes(trees: Mapping[str, ast.Module]) -> dict[str, list[str]]:
    """Return where each class is defined."""
    places: dict[str, list[str]] = defaultdict(list)
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{path}:{node.lineno}")
    return places


def ours(*folders: str) -> dict[str, ast.Module]:
    return {name_of(path): tree_of(path) for path in files(*folders, suffix=".py")}


def defined_twice(trees: Mapping[str, ast.Module]) -> dict[str, list[str]]:
    return {
        name: places for name, places in classes(trees).items() if len(places) > 1 and name not in GIVEN_BY_A_LIBRARY
    }


def test_no_two_classes_have_one_name() -> None:
    assert defined_twice(ours("webapp")) == {}


def test_a_class_that_stands_twice_is_seen() -> None:
    once, again = ast.parse("class Place: ..."), ast.parse("def make():\n    class Place: ...")

    assert defined_twice({"a.py": once, "b.py": again}) == {"Place": ["a.py:1", "b.py:2"]}


def test_every_type_that_a_template_needs_is_a_class() -> None:
    known = classes(ours("webapp"))
    needed = {
        (name_of(path), name)
        for path in files("templates", suffix=".html")
        for line in NEEDED.findall(path.read_text())
        for name in A_TYPE.findall(line)
    }

    assert len(needed) > 50
    assert [place for place in sorted(needed) if place[1] not in known] == []


def names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the names that a module gives, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.alias) and node.asname:
            yield node.lineno, node.asname


def words_of(name: str) -> str:
    """Return a name as small words: ``FoundUnits`` and ``_FOUND_UNITS`` as ``found_units``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_")


def has(pattern: str, words: str) -> bool:
    return re.search(rf"(?<![^_])(?:{pattern})(?![^_])", words) is not None


def winner_over(name: str, module: str) -> str:
    """Return what to say instead of a name that lost and may not stay in the module; empty for any other."""
    words = words_of(name)
    for place, allowed in (one.rpartition(":")[::2] for one in MAY_STAY):
        if place in ("", module):
            words = re.sub(rf"(?<![^_])(?:{allowed})(?![^_])", "", words)
    return next((winner for pattern, winner in LOSERS.items() if has(pattern, words)), "")


def module_of(path: str) -> str:
    return path.removeprefix("webapp/").removesuffix(".py")


def test_no_name_is_one_that_lost() -> None:
    lost = [
        f"{path}:{line}: {name}, better: {winner}"
        for path, tree in ours("webapp").items()
        for line, name in ((1, path.rpartition("/")[2].removesuffix(".py")), *names(tree))
        if (winner := winner_over(name, module_of(path)))
    ]

    assert lost == []


def test_names_that_lost_are_seen_wherever_they_stand() -> None:
    code = """
class FoundScreen:
    way_out: str
    def tell(self, wanted, *, is_told=False):
        self.typed = claim = wanted
def read_taken_back_lines(shortage): ...
import webapp.gaps as gaps
"""
    given = {name for _, name in names(ast.parse(code))}

    assert {name for name in given if winner_over(name, "web/stock")} == given - {"tell", "self"}
    for kept in ("OrderNotFound", "found_units_href", "FOUND_ON_SHELF", "is_known", "allocation", "given_up", "undo"):
        assert not winner_over(kept, "web/stock"), kept
    assert winner_over("request_id", "web/stock") == "operation_id"
    assert not winner_over("request_id", "logs")


def test_every_exception_is_needed() -> None:
    everything = [(module_of(path), words_of(name)) for path, tree in ours("webapp").items() for _, name in names(tree)]

    for place, allowed in (one.rpartition(":")[::2] for one in MAY_STAY):
        assert any(place in ("", module) and has(allowed, words) for module, words in everything), allowed


def is_plain(value: ast.expr) -> bool:
    """Tell a value that says everything itself: it names no class and no other constant."""
    return all(part.id.islower() for part in ast.walk(value) if isinstance(part, ast.Name))


def constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the name and the value of each constant with a plain value."""
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and target.id.isupper() and value and is_plain(value):
            yield target.id, ast.unparse(value)


def defined_again(trees: Mapping[str, ast.Module]) -> dict[tuple[str, str], list[str]]:
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, tree in trees.items():
        for constant in constants(tree):
            places[constant].append(path)
    return {constant: paths for constant, paths in places.items() if len(paths) > 1 and constant[0] not in LISTED_TWICE}


def test_no_constant_is_defined_in_two_modules() -> None:
    assert defined_again(ours("webapp")) == {}


def test_a_constant_that_stands_twice_is_seen() -> None:
    here, there = ast.parse("MAX: Final = 500\nMOST = 3"), ast.parse("MAX = 500\nMOST = 4")

    assert defined_again({"a.py": here, "b.py": there}) == {("MAX", "500"): ["a.py", "b.py"]}
