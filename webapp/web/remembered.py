"""Caches rendered panels: equal values in the same language give the same HTML (ADR 0016).

``{{ remembered("panels/orders/_row.html", row=row) }}`` renders that template with ``row`` and nothing else, and caches
the HTML under these values. It cannot be stale or leak another person's data: a remembered template runs in an
environment without request, session, person or store, and an undefined name is an error. What differs per response (the
CSRF token, the way back) stays open in the cached HTML and is filled in each time.

Pass frozen dataclasses of plain values: values that compare equal must render the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, MutableMapping
from functools import lru_cache
from secrets import token_hex
from typing import Any, Final, cast

from flask import Flask
from markupsafe import Markup, escape

from webapp.languages import language
from webapp.web.template_environment import TemplateEnvironment

MOST: Final = 4096
"""Panels kept; the least recently used go first. A row of the order list takes about a kilobyte."""

PURE: Final = (
    "_", "ngettext", "languages", "language", "role_words", "asset", "pinned", "drawn_icon", "links",
    "range", "with_query",
)  # fmt: skip
"""Globals whose results depend on nothing but the process and the language."""

OPEN: Final = ("csrf_token", "csrf_field", "here")
"""Globals that differ per response; placeholders are kept for them."""


def register(app: Flask) -> None:
    """Give templates ``remembered`` and ``remembered_each``. Call this after all other globals are registered."""
    remembered = Remembered(cast(TemplateEnvironment, app.jinja_env))
    app.jinja_env.globals.update(remembered=remembered.render, remembered_each=remembered.render_each)


class Remembered:
    """An application's cached panels. Nothing is cached while templates reload on change."""

    def __init__(self, environment: TemplateEnvironment, most: int = MOST) -> None:
        all_globals: MutableMapping[str, Any] = environment.globals
        self._ask: dict[str, Callable[[], str]] = {name: all_globals[name] for name in OPEN}
        self._marks = {name: f"open-{token_hex(16)}" for name in OPEN}
        self._templates = environment.alone_with(
            {name: all_globals[name] for name in PURE}
            | {name: _always(mark) for name, mark in self._marks.items()}
            | {"remembered": self._part}
        )
        self._kept = lru_cache(0 if environment.auto_reload else most)(self._rendered)

    def render(self, template: str, **shown: Hashable) -> Markup:
        """Return the HTML of a template that shows these values."""
        html, left_open = self._kept(template, tuple(shown.items()), language())
        return self._filled(html, left_open)

    def render_each(self, template: str, name: str, values: Iterable[Hashable]) -> Markup:
        """Return the HTML of a template for each value in turn, which it knows by ``name``."""
        code = language()
        parts = [self._kept(template, ((name, value),), code) for value in values]
        return self._filled(Markup("").join(html for html, _ in parts), {one for _, names in parts for one in names})

    def _filled(self, html: Markup, left_open: Iterable[str]) -> Markup:
        for name in left_open:
            html = html.replace(self._marks[name], self._ask[name]())
        return html

    def _part(self, template: str, **shown: Hashable) -> Markup:
        """Return HTML inside another remembered template; its placeholders stay open for the outer one to fill."""
        return self._kept(template, tuple(shown.items()), language())[0]

    def _rendered(
        self, template: str, shown: tuple[tuple[str, Hashable], ...], _language: str
    ) -> tuple[Markup, tuple[str, ...]]:
        html = escape(self._templates.get_template(template).make_module(dict(shown)))
        return html, tuple(name for name, mark in self._marks.items() if mark in html)


def _always(mark: str) -> Callable[[], str]:
    return lambda: mark
