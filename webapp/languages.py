"""The languages people read: which one this request uses, and how it writes sentences, numbers and times.

``_`` and ``ngettext`` translate literals where a page is built; ``translate`` translates sentences of the domain
(``webapp.domain.wording``). Outside of a request, for programs and logs, everything is English and UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_day_names
from babel.numbers import format_currency, format_decimal, get_currency_precision
from flask import Flask, g, has_request_context, request, session
from flask.ctx import _AppCtxGlobals
from werkzeug.local import LocalProxy

from webapp.domain.roles import ROLE_WORDS
from webapp.domain.wording import Wording

LANGUAGES: Final = {"en": "English", "de": "Deutsch", "fr": "Français", "lb": "Lëtzebuergesch"}
"""Codes (ISO 639-1) and each language's own name."""

SOURCE: Final = "en"
CHOSEN: Final = "language"
"""Session key of the language chosen last, also before signing in."""

_CATALOGUES: Final = Path(__file__).with_name("translations")


@dataclass(frozen=True, slots=True, eq=False)  # Compared by identity: there is one of each kind, and many look-ups.
class Reader:
    """The person who reads: language, catalogue and time zone of this request."""

    language: str
    catalogue: NullTranslations
    zone: tzinfo
    is_person_known: bool


_globals_here: Final = cast("LocalProxy[_AppCtxGlobals]", g)._get_current_object
_PROGRAM: Final = Reader(SOURCE, NullTranslations(), UTC, is_person_known=False)
_FORMATS: Final = {"en": "en_GB"}
"""The country whose dates and numbers a language uses, where the code alone means another: 3 Nov 2026."""


def _(text: str, **values: Any) -> str:
    """Translate a literal and fill in its ``%(named)s`` values."""
    sentence = reader().catalogue.gettext(text)
    return sentence % values if values else sentence


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """Translate a literal for one or several; ``%(num)s`` is the number with the language's separators."""
    who = reader()
    if not values:
        return _say_count(who.catalogue, who.language, singular, plural, num)
    return who.catalogue.ngettext(singular, plural, num) % {"num": number(num), **values}


@lru_cache(maxsize=4096)
def _say_count(catalogue: NullTranslations, code: str, singular: str, plural: str, num: int) -> str:
    return catalogue.ngettext(singular, plural, num) % {"num": _say_number(num, code)}


def init_app(app: Flask) -> None:
    """Give templates the languages, and filters for numbers and for sentences of the domain."""
    app.jinja_env.globals.update(languages=LANGUAGES, language=language, here=_here, role_words=ROLE_WORDS)
    app.jinja_env.filters.update(number=number, translated=translate)


def language() -> str:
    """Return the language code of this request."""
    return reader().language


def catalogue() -> NullTranslations:
    """Return the translations of this request's language."""
    return reader().catalogue


def _language_of_reader() -> str:
    """Return the language chosen in this session, else the person's setting, else the browser's."""
    if not has_request_context():
        return SOURCE
    person = g.get("signed_in")
    for chosen in (session.get(CHOSEN), person.language if person else None):
        if chosen in LANGUAGES:
            return str(chosen)
    # Not best_match: for "lb-LU, de;q=0.8" it picks German, since our "lb" names no country.
    asked_for = (value.partition("-")[0].lower() for value, quality in request.accept_languages if quality > 0)
    return next((code for code in asked_for if code in LANGUAGES), SOURCE)


def _here() -> str:
    """Return the current page's address, to come back to; the home page when a form was posted."""
    return request.full_path.removesuffix("?") if request.method == "GET" else "/"


def reader() -> Reader:
    """Return the reader. Cached per request; computed again once the guard knows the user."""
    try:
        here = vars(_globals_here())
    except RuntimeError:  # No application is active.
        return _PROGRAM
    reader: Reader | None = here.get("reader")
    if reader is None or not (reader.is_person_known or "signed_in" not in here):
        reader = here["reader"] = _find_reader()
    return reader


def _find_reader() -> Reader:
    person = g.get("signed_in")
    return _reader_of(_language_of_reader(), person.time_zone if person else "UTC", is_person_known="signed_in" in g)


@cache
def _reader_of(code: str, zone: str, *, is_person_known: bool) -> Reader:
    return Reader(code, catalogue_of(code), zone_of(zone), is_person_known)


@cache
def catalogue_of(code: str) -> NullTranslations:
    """Return a language's translations; English has an empty catalogue, which leaves each sentence as it is."""
    return translation("messages", _CATALOGUES, [code], fallback=True)


def translate(text: str) -> str:
    """Translate a sentence of the domain; a sentence in no catalogue stays English."""
    if not isinstance(text, Wording):
        return _(text) if text else ""
    values = {name: translate(value) if isinstance(value, Wording) else value for name, value in text.values.items()}
    if text.plural:
        values.pop("num")
        return ngettext(text.pattern, text.plural, text.number, **values)
    return _(text.pattern, **values)


def number(value: int) -> str:
    """Format a whole number with the language's separators: 1,234 or 1.234."""
    return str(value) if -1000 < value < 1000 else _say_number(value, language())


def _say_number(value: int, code: str) -> str:
    return str(value) if -1000 < value < 1000 else format_decimal(value, locale=locale_of(code))


def price(value: Decimal, currency: str) -> str:
    """Format a price with its currency, if that is known, and with all of its digits: €12.90."""
    locale = locale_of(language())
    if not currency:
        return str(format_decimal(value, format="#,##0.00", locale=locale, decimal_quantization=False))
    is_usual = value == round(value, get_currency_precision(currency))
    return str(format_currency(value, currency, locale=locale, currency_digits=is_usual, decimal_quantization=is_usual))


def time_zone() -> tzinfo:
    """Return the time zone of the reader's store."""
    return reader().zone


@cache
def zone_of(name: str) -> tzinfo:
    """Return a zone by its IANA name. Raises ZoneInfoNotFoundError or ValueError for an unknown name."""
    return UTC if name == "UTC" else ZoneInfo(name)


def day(at: datetime) -> str:
    """Format a time's day in the store's zone: 3 Nov 2026."""
    return _say_day(at.astimezone(time_zone()).date(), language())


@lru_cache(maxsize=1024)
def _say_day(date: date, code: str) -> str:
    return format_date(date, "medium", locale=locale_of(code))


def time_of_day(at: datetime, *, seconds: bool = False) -> str:
    """Format a time of day in the store's zone, with the zone's short name: 14:05 CET."""
    local = at.astimezone(time_zone())
    exactly = f":{local.second:02}" if seconds else ""
    return f"{_hour_and_minute(local)}{exactly} {local.tzname()}"


def clock(at: datetime) -> str:
    """Format a time of day in the store's zone, for a place where the zone is clear: 14:05."""
    return _hour_and_minute(at.astimezone(time_zone()))


def _hour_and_minute(local: datetime) -> str:
    return f"{local.hour:02}:{local.minute:02}"  # A fifth of the time of strftime, and a trail has fifty of them.


def weekday_and_time(at: datetime) -> str:
    """Format a time of the next days in the store's zone: Tue 07:00."""
    local = at.astimezone(time_zone())
    return f"{_say_weekday(local.weekday(), language())} {_hour_and_minute(local)}"


@cache
def _say_weekday(weekday: int, code: str) -> str:
    return str(get_day_names("abbreviated", locale=locale_of(code))[weekday])


@cache
def locale_of(code: str) -> Locale:
    """Return a language's rules for dates and numbers."""
    return Locale.parse(_FORMATS.get(code, code))


def country(code: str) -> str:
    """Return a country's name in the reader's language; a code that has none, as it is."""
    return _say_country(code, language()) if code else ""


@cache
def _say_country(code: str, language: str) -> str:
    return str(locale_of(language).territories.get(code, code))


def name_of_language(code: str) -> str:
    """Return a language's name in the reader's language; what is no code, as it is."""
    spelled = code.replace("_", "-").partition("-")[0].lower()
    return str(locale_of(language()).languages.get(spelled, code))
