"""The first page of each role."""

from __future__ import annotations

from typing import Final

from webapp.domain.roles import Role
from webapp.web.links import links

DECIDERS: Final = frozenset({Role.MANAGER, Role.ADMIN})
"""Roles that start on the page To decide."""

TRACERS: Final = frozenset({Role.SUPERVISOR})
"""Roles that start on the activity page."""


def landing_path(role: Role) -> str:
    """Return the path of a role's first page.

    A packer ships, a manager decides, a supervisor checks what happened, an administrator looks at what is stuck.
    """
    match role:
        case Role.PACKER:
            return links().orders()
        case Role.SUPERVISOR:
            return links().activity()
        case Role.MANAGER | Role.ADMIN:
            return links().exceptions()
