"""Where each role starts: on the page of what that person does first."""

from __future__ import annotations

from typing import Final

from flask import url_for

from webapp.domain.roles import Role

_LANDINGS: Final = {
    Role.PACKER: "orders.index",
    Role.MANAGER: "decisions.index",
    Role.SUPERVISOR: "activity.index",
    Role.ADMIN: "decisions.index",
}
"""A packer ships, a manager decides, a supervisor asks what happened, an administrator looks at what is stuck."""

DECIDERS: Final = frozenset({Role.MANAGER, Role.ADMIN})
"""Whose first page is what waits for a decision."""

TRACERS: Final = frozenset({Role.SUPERVISOR})
"""Whose first page is what happened."""


def landing_path(role: Role) -> str:
    """Return the path of the page on which a role starts."""
    return url_for(_LANDINGS[role])
