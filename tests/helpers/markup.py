"""HTML as a tree, for assertions on pages and panels: elements by id, class or name, their words, their forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass(eq=False)
class Element:
    """One element; ``children`` are elements and strings."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def walk(self) -> Iterator[Element]:
        """Yield every element inside, in the order of the document."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def all(self, tag: str = "", *, css: str = "", **attributes: str) -> list[Element]:
        """Return the elements with this tag, class and attributes (``type_="text"`` asks for ``type``)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.walk()
            if (not tag or element.tag == tag)
            and (not css or css in element.attributes.get("class", "").split())
            and all(element.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str = "", *, css: str = "", **attributes: str) -> Element:
        """Return the only such element."""
        found = self.all(tag, css=css, **attributes)
        assert len(found) == 1, f"{len(found)} of <{tag} class={css} {attributes}> in {self.words[:2000]}"
        return found[0]

    @property
    def words(self) -> str:
        """All text inside, with single blanks."""
        return " ".join(" ".join(_strings(self)).split())

    @property
    def fields(self) -> dict[str, str]:
        """What a browser sends when this form is sent without a button."""
        return {
            element["name"]: element.attributes.get("value", "")
            for element in self.walk()
            if element.tag == "input" and "name" in element.attributes
        }


def parse(html: str) -> Element:
    """Return the document's root."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


def _strings(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag not in ("template", "script", "style"):
            yield from _strings(child)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self._open):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)
