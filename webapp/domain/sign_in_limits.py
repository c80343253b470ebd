"""How many sign-ins may fail in which time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_LIMIT: Final = re.compile(r"(\d{1,9})\s*(?:per|/)\s*(\d{1,4})?\s*(second|minute|hour|day)s?", re.IGNORECASE)
_WITH_PORT: Final = re.compile(r"^(?:\[(.*)\]|([0-9.]+))(?::[0-9]{1,5})?$")
_NETWORK_BITS: Final = 64
"""One customer gets at least this much of IPv6, and may choose any address in it."""


@dataclass(frozen=True, slots=True)
class TryLimit:
    """At most ``tries`` in any ``seconds``."""

    tries: int
    seconds: int

    def times(self, factor: int) -> TryLimit:
        """Return the limit with ``factor`` times as many tries."""
        return TryLimit(self.tries * factor, self.seconds)


@dataclass(frozen=True, slots=True)
class Counter:
    """What tries are counted for (a name at an address, for example), and the limits that apply to it."""

    key: str
    limits: tuple[TryLimit, ...]


def read_limits(text: str) -> tuple[TryLimit, ...]:
    """Read ``10 per 5 minutes; 50 per day``. Raises ValueError for anything else."""
    return tuple(_read_limit(part.strip()) for part in text.split(";"))


def _read_limit(text: str) -> TryLimit:
    match = _LIMIT.fullmatch(text)
    if match is None or int(match[1]) < 1 or (match[2] and int(match[2]) < 1):
        raise ValueError(f"“{text}” is no limit. An example is: 10 per 5 minutes; 50 per day")
    return TryLimit(int(match[1]), int(match[2] or 1) * _SECONDS[match[3].lower()])


def longest(limits: Sequence[TryLimit]) -> int:
    """Return the seconds after which no limit looks at a try any more."""
    return max(limit.seconds for limit in limits)


def seconds_to_wait(tries: Sequence[float], limits: Sequence[TryLimit], now: float) -> float:
    """Return in how many seconds one more try keeps within all limits; 0 for now.

    ``tries`` and ``now`` are seconds since 1970. A try by a server whose clock is ahead counts at once.
    """
    wait = 0.0
    for limit in limits:
        recent = sorted(at for at in tries if at > now - limit.seconds)
        if len(recent) >= limit.tries:
            wait = max(wait, recent[-limit.tries] + limit.seconds - now)
    return wait


def origin_of(ip: str | None) -> str:
    """Return what one visitor cannot change about an IP address: all of IPv4, the first half of IPv6.

    Some proxies write the port behind the address, which a visitor changes with each connection.
    """
    numbers = _WITH_PORT.sub(r"\1\2", ip or "")
    try:
        visitor: IPv4Address | IPv6Address = ip_address(numbers.partition("%")[0])
    except ValueError:
        return ip or ""
    if isinstance(visitor, IPv4Address):
        return str(visitor)
    if visitor.ipv4_mapped:
        return str(visitor.ipv4_mapped)
    return str(ip_network((visitor, _NETWORK_BITS), strict=False))
