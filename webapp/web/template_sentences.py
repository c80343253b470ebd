"""Translates sentences in templates: ``{{ _("Ship %(number)s", number=3) }}`` and ``ngettext``.

Catalogues are ours and contain no markup (a test checks that), so sentences are not escaped; values are. A page has
about a hundred sentences, most without values, so translations are cached per language.
"""

from __future__ import annotations

from functools import lru_cache
from gettext import NullTranslations
from typing import Any, Final

from flask import Flask
from markupsafe import Markup

from webapp.languages import catalogue

_MOST: Final = 8192
"""More than all templates have, in all languages together."""


def register(app: Flask) -> None:
    """Give templates ``_`` and ``ngettext``."""
    app.jinja_env.globals.update(_=_say, ngettext=_say_number)


def _say(text: str, **values: Any) -> Markup:
    return _pattern(catalogue(), text) % values if values else _finished(catalogue(), text)


def _say_number(singular: str, plural: str, num: int, **values: Any) -> Markup:
    return _of_ours(catalogue().ngettext(singular, plural, num)) % {"num": num, **values}


@lru_cache(_MOST)
def _finished(sentences: NullTranslations, text: str) -> Markup:
    return _pattern(sentences, text) % {}


@lru_cache(_MOST)
def _pattern(sentences: NullTranslations, text: str) -> Markup:
    return _of_ours(sentences.gettext(text))


def _of_ours(sentence: str) -> Markup:
    return Markup(sentence)  # noqa: S704 - a literal of ours or its translation, in which a test lets no markup pass
