"""Links are built only in ``webapp.presenters.links``; no other module builds an address."""

from __future__ import annotations

import ast
import re

from tests.codebase.sources import files, name_of, tree_of

MAKERS = {"webapp/presenters/links.py", "webapp/web/links.py", "webapp/web/assets.py"}
"""Assets are not routes: their addresses contain their content's hash."""
A_PATH = re.compile(r"/[a-z][a-z/-]*")
IN_TEMPLATES = re.compile(r'\}\}/|~ *"/|(?:href|action|src|hx-[a-z]+)="/|url_for\((?!"static")')


def glued(node: ast.AST) -> bool:
    """Return whether an expression appends a piece of a path to something."""
    pieces: list[ast.expr] = []
    if isinstance(node, ast.JoinedStr):
        pieces = [piece for piece in node.values if isinstance(piece, ast.Constant)]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        pieces = [side for side in (node.left, node.right) if isinstance(side, ast.Constant)]
    return any(isinstance(piece, ast.Constant) and A_PATH.match(str(piece.value)) for piece in pieces)


def test_no_presenter_or_route_puts_an_address_together() -> None:
    by_hand = [
        f"{name_of(path)}:{node.lineno}"
        for path in files("webapp/presenters", "webapp/web", suffix=".py")
        if name_of(path) not in MAKERS
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.expr) and (glued(node) or (isinstance(node, ast.Name) and node.id == "url_for"))
    ]

    assert not by_hand


def test_no_template_puts_an_address_together() -> None:
    by_hand = [
        f"{name_of(path)}: {line.strip()}"
        for path in files("templates", suffix=".html")
        for line in path.read_text().splitlines()
        if IN_TEMPLATES.search(line)
    ]

    assert not by_hand


def test_the_check_sees_what_is_glued() -> None:
    for written in ('f"/orders/{order_id}"', 'f"{path}/items/{item_id}"', 'path + "/audit"', '"/orders/%s" % order_id'):
        assert glued(ast.parse(written, mode="eval").body), written
    for written in ('f"{done} of {all}"', 'f"item-{item_id}"', 'name + " / " + other'):
        assert not glued(ast.parse(written, mode="eval").body), written
    for written in ('href="/orders"', "{{ page.path }}/audit", 'page.path ~ "/audit"', 'url_for("orders.index")'):
        assert IN_TEMPLATES.search(written), written
