"""Places that a manager is asked to count: why, and what that means for the place."""

from __future__ import annotations

from enum import StrEnum


class CountCause(StrEnum):
    """Why a place is to be counted. The values are stored."""

    SHORT_PICK = "short_pick"
    """A packer found fewer units than recorded."""
    FOUND_UNITS = "found_units"
    """A packer found more units than recorded."""
