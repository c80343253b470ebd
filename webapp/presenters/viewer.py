"""The person who looks at a screen, and what they may do there."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.domain.roles import AUDITORS, ERASERS, MANAGERS, SHIPPERS, Role
from webapp.domain.settings import DEFAULTS, StoreSettings
from webapp.domain.statuses import OPEN_STATUSES, RESERVING_STATUSES, OrderStatus


@dataclass(frozen=True, slots=True)
class Viewer:
    actor: str
    role: Role
    settings: StoreSettings = DEFAULTS
    """Settings of the person's store."""
    looks_only: bool = False
    """The order is somebody else's, and the person has chosen nothing yet."""

    @property
    def may_ship(self) -> bool:
        """Return whether the person may ship, report short picks and undo their own shipments."""
        return self.picks and not self.looks_only

    @property
    def picks(self) -> bool:
        """Return whether picking is the person's work."""
        return self.role in SHIPPERS

    @property
    def may_manage(self) -> bool:
        """Return whether the person may set statuses, cancel, and undo others' shipments."""
        return self.role in MANAGERS

    @property
    def may_export(self) -> bool:
        """Return whether the person may take lists and trails away as files."""
        return self.role in AUDITORS

    @property
    def may_erase(self) -> bool:
        """Return whether the person may erase a customer's data from an order."""
        return self.role in ERASERS

    @property
    def statuses_to_ship(self) -> tuple[OrderStatus, ...]:
        """Return the statuses of open orders that are this person's work: packers pick what managers have started."""
        return RESERVING_STATUSES if self.picks and not self.may_manage else OPEN_STATUSES

    @property
    def sees_held(self) -> bool:
        """Return whether orders on hold are this person's business: packers only meet those that they look for."""
        return self.may_manage or not self.picks

    def may_undo(self, shipped_by: str) -> bool:
        """Return whether the person may undo what ``shipped_by`` shipped."""
        return self.may_manage or (self.may_ship and shipped_by == self.actor)
