"""Filters by which components say statuses in the reader's language: they get the value, and find the word."""

from __future__ import annotations

from flask import Flask

from webapp.domain.skips import ExceptionState
from webapp.domain.statuses import OrderStatus
from webapp.languages import _
from webapp.presenters import words


def register(app: Flask) -> None:
    """Give templates ``status|status_words`` (of an order) and ``state|state_words`` (of a stock exception)."""
    app.jinja_env.filters.update(status_words=_status_words, state_words=_state_words)


def _status_words(status: str) -> str:
    return words.status_words(OrderStatus(status))


def _state_words(state: str) -> str:
    return _("Open") if ExceptionState(state) is ExceptionState.OPEN else _("Closed")
