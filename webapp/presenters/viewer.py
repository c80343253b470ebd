"""The person who looks at a screen, and what they may do there."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.domain.roles import MANAGERS, SHIPPERS, Role
from webapp.domain.settings import DEFAULTS, StoreSettings


@dataclass(frozen=True, slots=True)
class Viewer:
    actor: str
    role: Role
    settings: StoreSettings = DEFAULTS
    """Settings of the person's store."""

    @property
    def may_ship(self) -> bool:
        """Return whether the person may ship, report short picks and undo their own shipments."""
        return self.role in SHIPPERS

    @property
    def may_manage(self) -> bool:
        """Return whether the person may set statuses, cancel, and undo others' shipments."""
        return self.role in MANAGERS

    def may_undo(self, shipped_by: str) -> bool:
        """Return whether the person may undo what ``shipped_by`` shipped."""
        return self.may_manage or (self.may_ship and shipped_by == self.actor)
