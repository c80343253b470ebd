"""Who looks at a screen, as far as what it offers depends on it."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.domain.roles import MANAGERS, SHIPPERS, Role
from webapp.domain.settings import DEFAULTS, StoreSettings


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person at work."""

    actor: str
    role: Role
    settings: StoreSettings = DEFAULTS
    """What the person's store has set."""

    @property
    def may_ship(self) -> bool:
        """Ship, report short picks, undo own work."""
        return self.role in SHIPPERS

    @property
    def may_manage(self) -> bool:
        """Set statuses, cancel, and undo what others shipped."""
        return self.role in MANAGERS

    def may_undo(self, shipped_by: str) -> bool:
        """Tell whether the person may undo what ``shipped_by`` packed."""
        return self.may_manage or (self.may_ship and shipped_by == self.actor)
