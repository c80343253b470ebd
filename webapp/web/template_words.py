"""Template filters: statuses in words, order numbers that do not wrap, a form's CSRF field."""

from __future__ import annotations

from typing import Final, cast
from uuid import uuid4

from flask import Flask, g
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from webapp.domain.causes import ExceptionState
from webapp.domain.statuses import OrderStatus
from webapp.languages import _
from webapp.presenters.phrases import words

_SHORT: Final = 16
"""Characters that always fit on a handheld's line."""


def register(app: Flask) -> None:
    """Give templates ``status|status_words`` (orders), ``state|state_words`` (exceptions) and ``number|whole``.

    ``csrf_field()`` is the hidden field of every form that changes something, ``new_key()`` an idempotency key for it.
    """
    app.jinja_env.globals.update(csrf_field=_csrf_field, new_key=_new_key)
    app.jinja_env.filters.update(status_words=_status_words, state_words=_state_words, whole=_whole)


def _new_key() -> str:
    return str(uuid4())


def _csrf_field() -> Markup:
    """Return the field, made once per response: a pick screen has ten of it."""
    if "csrf_field" not in g:
        g.csrf_field = Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
    return cast(Markup, g.csrf_field)


def _whole(text: str) -> Markup:
    """Keep a short name on one line: a heading would break HK-1013 at its dash."""
    return Markup('<span class="whole">{}</span>').format(text) if len(text) <= _SHORT else Markup.escape(text)


def _status_words(status: str) -> str:
    return words.status_words(OrderStatus(status))


def _state_words(state: str) -> str:
    return _("Open") if ExceptionState(state) is ExceptionState.OPEN else _("Closed")
