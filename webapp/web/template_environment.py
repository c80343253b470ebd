"""How templates become HTML: short on the wire, and with few steps in between."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, MutableMapping
from types import FunctionType
from typing import Any, Final, cast

from flask import Flask
from flask.sansio.app import App
from flask.templating import Environment
from jinja2 import StrictUndefined, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.lexer import TOKEN_DATA, Token, TokenStream
from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode
from markupsafe import Markup, escape

_LINE_BREAK: Final = re.compile(r"[ \t]*\n\s*")
_SPECIAL: Final = re.compile(r"[&<>'\"]").search


def shown(value: Any) -> str:
    """Return a value as HTML: text with its special characters escaped, of which most has none; markup as it is."""
    kind = type(value)
    if kind is Markup or (kind is str and not _SPECIAL(value)):
        return cast(str, value)
    return str(value) if kind is int else escape(value)


class CompactWhitespace(Extension):
    """Shrink every line break with its indentation to one line break, where templates are compiled.

    Templates are indented for those who read them; what is sent is not, and that costs nothing at run time. Only the
    templates' own text is touched, never a value: what stands in a ``<pre>`` must come as one.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Pass the tokens on, with less white space in the text between the tags of the template language."""
        for token in stream:
            if token.type == TOKEN_DATA:
                yield Token(token.lineno, TOKEN_DATA, _LINE_BREAK.sub("\n", token.value))
            else:
                yield token


class PlainContext(Context):
    """Calls plain functions and macros as they are: Jinja asks every callable in three ways what else it wants."""

    @internalcode
    def call(self, called: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Call what a template calls."""
        kind = type(called)
        if kind is not Macro and (kind is not FunctionType or hasattr(called, "jinja_pass_arg")):
            return super().call(called, *arguments, **named)
        named.pop("_loop_vars", None)
        named.pop("_block_vars", None)
        return called(*arguments, **named)


class PlainOutput(CodeGenerator):
    """Writes ``{{ value }}`` as safe text, which is all that joining needs, and not as an object that says so."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)


class UndefinedName(StrictUndefined):
    """A name that nobody gave: it may be asked for, as a macro asks for its ``caller``, but not shown."""

    def __bool__(self) -> bool:  # type: ignore[override]  # As with Jinja's own plain Undefined.
        return False


class TemplateEnvironment(Environment):
    """Flask's environment with two short cuts, since a panel imports and includes a dozen templates.

    Templates share one plain dictionary of globals: Jinja gives each a chain of two, so that it could have some of its
    own, and compares the chains key by key at every ``from … import``. And a template that was compiled is found
    in a dictionary, without Jinja's lock, unless templates are to be read again when they change.
    """

    context_class = PlainContext
    code_generator_class = PlainOutput
    shown = staticmethod(shown)

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self._compiled: dict[str, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - the name Jinja gives it
    ) -> Template:
        """Return a template by its name in the folder of templates. Raises ValueError for globals of its own."""
        if globals:
            raise ValueError("templates share their globals")
        if self.auto_reload or isinstance(name, Template):
            return super().get_template(name, parent)
        template = self._compiled.get(name)
        if template is None:
            template = self._compiled[name] = super().get_template(name, parent)
        return template

    def alone_with(self, global_names: dict[str, Any]) -> TemplateEnvironment:
        """Return an environment for the same templates that knows these globals alone; see ``UndefinedName``."""
        alone = self.overlay(undefined=UndefinedName)
        alone.globals = global_names
        alone._compiled = {}
        return alone

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the environment's own globals, unless the caller brings more."""
        return {**self.globals, **d} if d else self.globals


def init_app(app: Flask) -> None:
    """Set the environment up; call it before anything asks for ``app.jinja_env``."""
    app.jinja_environment = TemplateEnvironment
    app.jinja_options = {
        "autoescape": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": [CompactWhitespace],
    }
