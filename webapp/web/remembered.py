"""Panels that are rendered once: what shows the same, in the same language, is the same HTML (ADR 0016).

``{{ remembered("panels/orders/_row.html", row=row) }}`` renders that template with ``row`` and nothing else, and keeps
the HTML under what it shows. It cannot be stale, nor somebody else's: a remembered template is rendered in an
environment that knows no request, no session, no person and no store, and a name it was not given is an error. What is
new in each answer (the CSRF token, the way back) is left open in what is kept, and filled in each time.

Give it frozen dataclasses of plain values: what compares as equal must read the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, MutableMapping
from functools import lru_cache
from secrets import token_hex
from typing import Any, Final, cast

from flask import Flask
from markupsafe import Markup, escape

from webapp.languages import language
from webapp.web.template_environment import TemplateEnvironment

MOST: Final = 4096
"""Panels that are kept; the one not asked for longest goes first. A row of the list of orders is about a kilobyte."""

PURE: Final = (
    "_", "ngettext", "languages", "language", "role_words", "asset", "pinned", "drawn_icon", "links",
    "range", "with_query",
)  # fmt: skip
"""Globals that say the same whoever asks, as long as the process and the language are the same."""

OPEN: Final = ("csrf_token", "csrf_field", "here")
"""Globals that say something else in each answer: their places stay open."""


def register(app: Flask) -> None:
    """Give templates ``remembered``; call it when all other globals are there."""
    remembered = Remembered(cast(TemplateEnvironment, app.jinja_env))
    app.jinja_env.globals["remembered"] = remembered.render


class Remembered:
    """What an application rendered before. Nothing is kept while templates are read anew when they change."""

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
        """Return the HTML of a template that shows this."""
        html, left_open = self._kept(template, tuple(shown.items()), language())
        for name in left_open:
            html = html.replace(self._marks[name], self._ask[name]())
        return html

    def _part(self, template: str, **shown: Hashable) -> Markup:
        """Return what stands inside of another that is remembered; what it leaves open, the whole leaves open."""
        return self._kept(template, tuple(shown.items()), language())[0]

    def _rendered(
        self, template: str, shown: tuple[tuple[str, Hashable], ...], _language: str
    ) -> tuple[Markup, tuple[str, ...]]:
        html = escape(self._templates.get_template(template).make_module(dict(shown)))
        return html, tuple(name for name, mark in self._marks.items() if mark in html)


def _always(mark: str) -> Callable[[], str]:
    return lambda: mark
