"""Channels: where orders come from."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

BESIDE_A_NUMBER: Final = " · "
"""Between an order's number and its channel."""

LONGEST_CODE: Final = 32
"""Characters of a channel's code, as files of orders have it."""


def name_order(number: str, channel: str) -> str:
    """Return an order's name where its number alone does not say which is meant."""
    return number + BESIDE_A_NUMBER + channel


class ChannelKind(StrEnum):
    """How a channel's orders come in. The values are stored."""

    FILE = "file"
