"""Checks every page and panel that any test fetches, in the test client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.helpers.markup import Element, is_page, parse
from webapp.config import ROOT
from webapp.languages import LANGUAGES, SOURCE

_FIELDS = "input:not([type=hidden], [type=submit], [type=button]), select, textarea"
_SENDS = ("action", "hx-post", "hx-get", "hx-delete", "hx-put")
_POINTERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "form", "list")


class LintingClient(FlaskClient):
    """A client that fails the test if an HTML response has a fault."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        answer = super().open(*args, **kwargs)  # type: ignore[arg-type]  # Whatever Flask's own takes.
        if answer.mimetype == "text/html" and not answer.content_encoding and answer.text:
            wrong = faults(answer.text)
            assert wrong == [], f"{answer.request.method} {answer.request.path} answers with {wrong}"
        return answer


def faults(html: str) -> list[str]:
    """Return what is wrong with a page or panel, in plain words."""
    root = parse(html)
    wrong = [*_ids(root), *_fields(root), *_names(root), *_forms(root)]
    if is_page(html):
        wrong += [*_heading(root), *_pointers(root), *_untranslated(root)]
    return wrong


def _heading(root: Element) -> Iterator[str]:
    headings = ["".join(heading.words.split()) for heading in root.all("h1")]  # <code> adds blanks.
    title = "".join(root.select("head title")[0].words.split())
    if len(headings) != 1:
        yield f"headings of the first level: {headings}"
    elif not title.startswith(headings[0]):
        yield f"the title is {title!r}, the heading {headings[0]!r}"


def _ids(root: Element) -> Iterator[str]:
    times = Counter(element["id"] for element in root.select("[id]"))
    yield from (f"{times[name]} elements have the id {name!r}" for name in times if times[name] > 1)


def _fields(root: Element) -> Iterator[str]:
    labels = {label["for"] for label in root.select("label[for]") if label.words}
    inside = {field for label in root.all("label") if label.words for field in label.select(_FIELDS)}
    for field in root.select(_FIELDS):
        named = {"aria-label", "aria-labelledby"} & {name for name, value in field.attributes.items() if value}
        if not (named or field in inside or field.attributes.get("id") in labels):
            yield f"no label: {field.node.html}"


def _names(root: Element) -> Iterator[str]:
    for control in root.select("a[href], button"):
        named = {"aria-label", "aria-labelledby", "title"} & {n for n, value in control.attributes.items() if value}
        if not (named or control.words or control.select("img[alt]:not([alt=''])")):
            yield f"says nothing: {control.node.html}"


def _forms(root: Element) -> Iterator[str]:
    for form in root.all("form"):
        sends = form.select("button:not([type=button], [formaction]), input[type=submit], input:not([type=hidden])")
        if (
            sends
            and not any(form.attributes.get(name) for name in _SENDS)
            and form.attributes.get("method") != "dialog"
        ):
            yield f"leads nowhere: {str(form.node.html)[:200]}"


def _pointers(root: Element) -> Iterator[str]:
    ids = {element["id"] for element in root.select("[id]")}
    for name in _POINTERS:
        for element in root.select(f"[{name}]"):
            if missing := set(element[name].split()) - ids:
                yield f"{name} points at {sorted(missing)}, which is not on the page"


def _untranslated(root: Element) -> Iterator[str]:
    """Yield texts of the page that are English although the catalogue has a translation in the page's language."""
    english = _other_words(root.one("html").attributes.get("lang", SOURCE))
    if not english:
        return
    for text in _texts(root.one("body")):
        if text in english:
            yield f"in English: {text!r}"


def _texts(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield " ".join(child.split())
        elif child.tag not in ("script", "style", "kbd") and "lang" not in child.attributes:
            yield from _texts(child)


@cache
def _other_words(language: str) -> frozenset[str]:
    """Return the English sentences without values that differ in the language."""
    if language == SOURCE or language not in LANGUAGES:
        return frozenset()
    path = ROOT / "webapp" / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        catalogue = {str(message.id): message.string for message in read_po(file) if isinstance(message.id, str)}
    return frozenset(
        sentence
        for sentence, here in catalogue.items()
        if sentence and here not in ("", sentence) and "%(" not in sentence
    )
