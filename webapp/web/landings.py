"""Where each role starts: on the page of what that person does first."""

from __future__ import annotations

from typing import Final

from webapp.domain.roles import Role
from webapp.web.links import links

DECIDERS: Final = frozenset({Role.MANAGER, Role.ADMIN})
"""Whose first page is what waits for a decision."""

TRACERS: Final = frozenset({Role.SUPERVISOR})
"""Whose first page is what happened."""


def landing_path(role: Role) -> str:
    """Return the path of the page on which a role starts.

    A packer ships, a manager decides, a supervisor asks what happened, an administrator looks at what is stuck.
    """
    match role:
        case Role.PACKER:
            return links().orders()
        case Role.SUPERVISOR:
            return links().activity()
        case Role.MANAGER | Role.ADMIN:
            return links().exceptions()
