"""Channels: where orders come from."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from webapp.domain.codes import code_key
from webapp.domain.control_characters import has_invisible
from webapp.domain.errors import InvalidInput
from webapp.domain.wording import Wording, say

BESIDE_A_NUMBER: Final = " · "
"""Between an order's number and its channel."""

LONGEST_CODE: Final = 32
"""Characters of a channel's code, as files of orders have it."""

LONGEST_NAME: Final = 60
"""Characters of a channel's name that a person gives: it stands beside numbers."""


class ChannelKind(StrEnum):
    """What a channel is, for people. The values are stored."""

    FILE = "file"
    """Nobody has said more: its orders come in files."""
    SHOP = "shop"
    MARKETPLACE = "marketplace"
    COUNTER = "counter"


KIND_WORDS: Final[dict[ChannelKind, Wording]] = {
    ChannelKind.SHOP: say("Own shop"),
    ChannelKind.MARKETPLACE: say("Marketplace"),
    ChannelKind.COUNTER: say("Phone, mail, counter"),
    ChannelKind.FILE: say("Other, by files"),
}
"""The kinds in the order in which a person is asked."""


def name_order(number: str, channel: str) -> str:
    """Return an order's name where its number alone does not say which is meant."""
    return number + BESIDE_A_NUMBER + channel if channel else number


def read_channel_code(text: str) -> str:
    """Return a channel's code, by which files name it. Raises InvalidInput."""
    code = " ".join(text.split())
    if not code_key(code) or len(code) > LONGEST_CODE or has_invisible(code):
        raise InvalidInput(
            say("A channel's code is 1 to %(most)s characters, as the files of orders have it.", most=LONGEST_CODE),
            code=code[:64],
        )
    return code


def read_channel_name(text: str) -> str:
    """Return a channel's name. Raises InvalidInput."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or has_invisible(name):
        raise InvalidInput(
            say("A channel's name is 1 to %(most)s characters.", most=LONGEST_NAME), name=name[:LONGEST_NAME]
        )
    return name


def read_channel_kind(text: str) -> ChannelKind:
    """Return the kind of this value. Raises InvalidInput."""
    try:
        return ChannelKind(text)
    except ValueError:
        raise InvalidInput(say("Choose one of the kinds.")) from None
