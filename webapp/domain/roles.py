"""Who may do what in a store."""

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
"""Each role as people read it."""

READERS: Final = frozenset(Role)
"""Everybody who belongs to the store may look."""

SHIPPERS: Final = frozenset({Role.PACKER, Role.MANAGER})
"""Ship, undo own work, report short picks."""

MANAGERS: Final = frozenset({Role.MANAGER})
"""Status, cancel, stock, matching, imports, returns."""

AUDITORS: Final = frozenset({Role.MANAGER, Role.SUPERVISOR, Role.ADMIN})
"""Exports of the audit trail."""
