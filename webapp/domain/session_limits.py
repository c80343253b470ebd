"""How long a person stays signed in."""

from __future__ import annotations

from typing import NamedTuple


class SessionLimits(NamedTuple):
    """Seconds that a session lasts."""

    idle: int
    """Without a request of the person."""
    longest: int
    """At the most, from the password on."""
