"""Who works in the demo store. Their passwords are public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from webapp.domain.roles import Role


@dataclass(frozen=True)
class DemoPerson:
    username: str
    role: Role
    password: str


PACKER: Final = DemoPerson("paula", Role.PACKER, "paula-demo")
SECOND_PACKER: Final = DemoPerson("piet", Role.PACKER, "piet-demo")
MANAGER: Final = DemoPerson("max", Role.MANAGER, "max-demo")
SUPERVISOR: Final = DemoPerson("sofia", Role.SUPERVISOR, "sofia-demo")
ADMIN: Final = DemoPerson("ada", Role.ADMIN, "ada-demo")

PEOPLE: Final = (PACKER, SECOND_PACKER, MANAGER, SUPERVISOR, ADMIN)
