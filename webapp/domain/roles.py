"""Roles, and what each may do in a store."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from webapp.domain.wording import Wording, say


class Role(StrEnum):
    """A person's or a token's role in one store. The values are stored."""

    PACKER = "packer"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


ROLE_WORDS: Final[dict[Role, Wording]] = {
    Role.PACKER: say("packer"),
    Role.MANAGER: say("manager"),
    Role.SUPERVISOR: say("supervisor"),
    Role.ADMIN: say("administrator"),
}
"""Each role in words."""

READERS: Final = frozenset(Role)
"""Everyone in the store may read."""

SHIPPERS: Final = frozenset({Role.PACKER, Role.MANAGER})
"""Ship, undo one's own shipments, report short picks."""

MANAGERS: Final = frozenset({Role.MANAGER})
"""Change status, cancel, change stock, match, import, take returns."""

ERASERS: Final = frozenset({Role.MANAGER, Role.ADMIN})
"""Erase a person's data from an order."""

ADMINS: Final = frozenset({Role.ADMIN})
"""See and end the sessions of everybody in the store."""

AUDITORS: Final = frozenset({Role.MANAGER, Role.SUPERVISOR, Role.ADMIN})
"""Export the audit trail."""
