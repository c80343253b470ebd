"""The pages of channels: where orders come from, and what people call it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from webapp.domain.channels import KIND_WORDS, ChannelKind
from webapp.languages import _, translate
from webapp.presenters.phrases.moments import Moment, moment
from webapp.presenters.pieces import Option
from webapp.presenters.refusals import NO_REFUSAL, Refusal


class ListedChannel(Protocol):
    """What the pages read of a channel."""

    @property
    def id(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> ChannelKind: ...
    @property
    def orders(self) -> int: ...
    @property
    def last_ordered_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel; ``last`` is None before its first order."""

    id: int
    name: str
    code: str
    kind: str
    orders: int
    last: Moment | None


@dataclass(frozen=True, slots=True)
class ChannelsScreen:
    """The list, and the form for another channel."""

    channels: Sequence[ChannelRow]
    kinds: Sequence[Option]
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class ChannelScreen:
    """The page on which one gets another name or kind."""

    channel: ChannelRow
    stored_name: str
    stored_kind: str
    kinds: Sequence[Option]
    refusal: Refusal


def present_channels(channels: Iterable[ListedChannel], now: datetime, refusal: Refusal = NO_REFUSAL) -> ChannelsScreen:
    """Build the list."""
    return ChannelsScreen([_row(channel, now) for channel in channels], kind_options(), refusal)


def present_channel(channel: ListedChannel, now: datetime, refusal: Refusal = NO_REFUSAL) -> ChannelScreen:
    """Build the page of one."""
    return ChannelScreen(_row(channel, now), channel.name, channel.kind.value, kind_options(), refusal)


def kind_options() -> tuple[Option, ...]:
    """Return the kinds as choices."""
    return tuple(Option(kind.value, translate(words)) for kind, words in KIND_WORDS.items())


def _row(channel: ListedChannel, now: datetime) -> ChannelRow:
    return ChannelRow(
        id=channel.id,
        name=channel.name or _("No name yet"),
        code=channel.code or _("files that name no channel"),
        kind=translate(KIND_WORDS[channel.kind]),
        orders=channel.orders,
        last=moment(channel.last_ordered_at, now) if channel.last_ordered_at else None,
    )
