"""What a person picks of an item and has not shipped, and what is refused while it is counted."""

from __future__ import annotations

from typing import NamedTuple

from webapp.domain.errors import ConflictError


class PickedUnits(NamedTuple):
    """Units of an item that a person has picked and not shipped."""

    item_id: int
    units: int
    person: str


class TooManyPicked(ConflictError):
    """More units would be picked than are left. Data: ``units`` of the person, and the ``most`` they may pick."""

    code = "too_many_picked"


class WrongCode(ConflictError):
    """The scanned code is none of the item's."""

    code = "wrong_code"
