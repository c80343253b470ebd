"""Renders templates into short HTML, with few steps per value."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping
from typing import Any, Final

from flask import Flask
from flask.sansio.app import App
from flask.templating import Environment
from jinja2 import StrictUndefined, Template
from jinja2.ext import Extension
from jinja2.lexer import TOKEN_DATA, Token, TokenStream
from markupsafe import Markup, escape

from webapp.web.plain_templates import PlainContext, PlainMacro, PlainOutput, PlainTemplate

_LINE_BREAK: Final = re.compile(r"[ \t]*\n\s*")
_SPECIAL: Final = re.compile(r"[&<>'\"]").search


def shown(value: Any) -> str:
    """Return a value as HTML: text escaped, Markup as it is. Most text contains nothing to escape."""
    kind = type(value)
    if kind is Markup or (kind is str and not _SPECIAL(value)):
        html: str = value
        return html
    return str(value) if kind is int else escape(value)


class CompactWhitespace(Extension):
    """Shrink each line break and its indentation to one line break when templates are compiled.

    Indentation is for readers of templates, and removing it here costs nothing at run time. Values are never touched,
    so text for a ``<pre>`` must be passed as a value.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Pass the tokens on, with less white space in the template's own text."""
        for token in stream:
            if token.type == TOKEN_DATA:
                yield Token(token.lineno, TOKEN_DATA, _LINE_BREAK.sub("\n", token.value))
            else:
                yield token


class UndefinedName(StrictUndefined):
    """An undefined name: it may be tested, as macros test their ``caller``, but not rendered."""

    def __bool__(self) -> bool:  # type: ignore[override]  # As with Jinja's own plain Undefined.
        return False


class TemplateEnvironment(Environment):
    """Flask's environment with two shortcuts, since a panel imports and includes a dozen templates.

    All templates share one plain dictionary of globals; Jinja gives each template two chained ones and compares them
    key by key at every ``from … import``. And a compiled template is found in a dictionary, without Jinja's lock,
    unless templates reload on change.
    """

    context_class = PlainContext
    template_class = PlainTemplate
    code_generator_class = PlainOutput
    shown = staticmethod(shown)
    macro = PlainMacro

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self._compiled: dict[str, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - the name Jinja gives it
    ) -> Template:
        """Return a template by its name. Raises ValueError for globals of its own."""
        if globals:
            raise ValueError("templates share their globals")
        if self.auto_reload or isinstance(name, Template):
            return super().get_template(name, parent)
        template = self._compiled.get(name)
        if template is None:
            template = self._compiled[name] = super().get_template(name, parent)
        return template

    def alone_with(self, global_names: dict[str, Any]) -> TemplateEnvironment:
        """Return an environment for the same templates with only these globals; see ``UndefinedName``."""
        alone = self.overlay(undefined=UndefinedName)
        alone.globals = global_names
        alone._compiled = {}
        return alone

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the environment's own globals, with the caller's added."""
        return {**self.globals, **d} if d else self.globals


def init_app(app: Flask) -> None:
    """Set up the environment. Call this before anything uses ``app.jinja_env``."""
    app.jinja_environment = TemplateEnvironment
    app.jinja_options = {
        "autoescape": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": [CompactWhitespace],
    }
