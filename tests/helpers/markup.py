"""Assertions on HTML: elements by name, class and attributes, their text, their forms. Selectolax parses it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

_UNSEEN = ("template", "script", "style")


@dataclass(frozen=True)
class Element:
    """An element of a page or panel."""

    node: LexborNode

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    @property
    def tag(self) -> str:
        return self.node.tag or ""

    @property
    def attributes(self) -> dict[str, str]:
        return {name: value or "" for name, value in self.node.attributes.items()}

    def all(self, tag: str = "", *, css: str = "", **attributes: str) -> list[Element]:
        """Return the descendants with this tag, class and attributes (``type_="text"`` asks for ``type``)."""
        named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        criteria = [f".{css}"] if css else []
        criteria += [f"[{name}={_quoted(value)}]" for name, value in named.items()]
        return self.select(tag + "".join(criteria) or "*")

    def one(self, tag: str = "", *, css: str = "", **attributes: str) -> Element:
        """Return the only such descendant."""
        matches = self.all(tag, css=css, **attributes)
        assert len(matches) == 1, f"{len(matches)} of <{tag} class={css} {attributes}> in {self.words[:2000]}"
        return matches[0]

    def select(self, selector: str) -> list[Element]:
        """Return the descendants that match a CSS selector, in document order."""
        return [Element(node) for node in self.node.css(selector) if node != self.node]

    @property
    def children(self) -> list[Element | str]:
        """Child elements and texts."""
        nodes = self.node.iter(include_text=True)
        return [node.text(deep=False) if node.is_text_node else Element(node) for node in nodes]

    @property
    def words(self) -> str:
        """All text inside, with single blanks."""
        return " ".join(" ".join(_strings(self.node)).split())

    @property
    def fields(self) -> dict[str, str]:
        """The fields that a browser sends when the form is submitted without a button."""
        sent = [
            field
            for field in self.select("input[name]")
            if field.attributes.get("type") not in ("radio", "checkbox") or "checked" in field.attributes
        ]
        return {field["name"]: field.attributes.get("value", "") for field in sent}


def parse(html: str) -> Element:
    """Return the root of a page, or the body into which a panel is put."""
    document = LexborHTMLParser(html)
    assert document.root is not None
    root = document.root.parent if is_page(html) else document.body
    assert root is not None, html
    return Element(root)


def is_page(html: str) -> bool:
    """Return whether the HTML is a page rather than a panel."""
    return html.lstrip()[:9].lower() == "<!doctype"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ") + '"'


def _strings(node: LexborNode) -> Iterator[str]:
    for child in node.iter(include_text=True):
        if child.is_text_node:
            yield child.text(deep=False)
        elif child.tag not in _UNSEEN:
            yield from _strings(child)
