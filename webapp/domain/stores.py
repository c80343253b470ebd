"""What a store's code, name and time zone may be."""

from __future__ import annotations

import re
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from webapp.domain.control_characters import has_invisible
from webapp.domain.errors import InvalidInput
from webapp.domain.wording import say

MAX_NAME_OF_STORE: Final = 200

_REGIONS: Final = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", re.ASCII)


def read_store_code(text: str) -> str:
    """Return a store's code, by which commands and tokens call it. Raises InvalidInput."""
    if not _CODE.fullmatch(text):
        raise InvalidInput(
            say("A store's code is 1 to 32 letters, digits, dots, dashes or underscores."), code=text[:64]
        )
    return text


def read_store_name(text: str) -> str:
    """Return a store's name without outer blanks. Raises InvalidInput."""
    name = text.strip()
    if not name or len(name) > MAX_NAME_OF_STORE or not name.isprintable() or has_invisible(name):
        raise InvalidInput(
            say("A store's name is 1 to %(most)s characters.", most=MAX_NAME_OF_STORE), name=name[:MAX_NAME_OF_STORE]
        )
    return name


def read_time_zone(text: str) -> str:
    """Return the IANA name of a time zone. Raises InvalidInput."""
    if not text:
        raise InvalidInput(say("Choose the store's time zone."))
    if text not in _all_zones():
        raise InvalidInput(
            say("There is no time zone “%(zone)s”. An example is Europe/Luxembourg.", zone=text[:64]), zone=text[:64]
        )
    return text


@cache
def _all_zones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def time_zones() -> tuple[str, ...]:
    """Return the time zones to choose from, named after places, in order."""
    return tuple(sorted(zone for zone in _all_zones() if zone == "UTC" or zone.startswith(_REGIONS)))
