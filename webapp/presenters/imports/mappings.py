"""The page of saved mappings: what each reads, who changed it last, and where to rename or remove it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from webapp.domain.import_jobs import ImportKind
from webapp.domain.wording import Wording
from webapp.presenters.imports.words import KIND_WORDS, fault_words, field_words
from webapp.presenters.links import Links
from webapp.presenters.phrases.moments import Moment, moment


class ReadColumns(Protocol):
    """Which columns are which fields."""

    @property
    def kind(self) -> str: ...
    @property
    def columns(self) -> Mapping[Any, Sequence[str]]: ...
    @property
    def constants(self) -> Mapping[Any, str]: ...


class NamedMapping(Protocol):
    """What the page reads of a saved mapping."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def mapping(self) -> ReadColumns: ...
    @property
    def changed_by(self) -> str: ...
    @property
    def changed_at(self) -> datetime: ...
    @property
    def mark(self) -> str: ...
    @property
    def fault(self) -> str: ...


@dataclass(frozen=True, slots=True)
class MappingRefusal:
    """Why a mapping was not changed, and the name that the person asked for."""

    mapping_id: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class MappingCard:
    """One mapping. ``fields`` are what is read, with the titles of its columns, or what all rows have."""

    id: int
    name: str
    kind: Wording
    who: str
    changed: Moment
    fields: Sequence[tuple[str, str]]
    seen: str
    entry: str
    """What stands in the field for its name."""
    fault: str
    """Why no file is read by it any more."""
    refusal: str
    rename_path: str
    remove_path: str


@dataclass(frozen=True, slots=True)
class MappingsScreen:
    cards: Sequence[MappingCard]


def present_mappings(
    mappings: Iterable[NamedMapping], now: datetime, links: Links, refusal: MappingRefusal | None
) -> MappingsScreen:
    """Build the page."""
    return MappingsScreen([_card(one, now, links, refusal) for one in mappings])


def _card(one: NamedMapping, now: datetime, links: Links, refusal: MappingRefusal | None) -> MappingCard:
    own = refusal if refusal is not None and refusal.mapping_id == one.id else None
    fields = [(field_words(name), " + ".join(titles)) for name, titles in one.mapping.columns.items()]
    fields += [(field_words(name), f"= {text}") for name, text in one.mapping.constants.items()]
    return MappingCard(
        id=one.id,
        name=one.name,
        kind=KIND_WORDS[ImportKind(one.mapping.kind)],
        who=one.changed_by,
        changed=moment(one.changed_at, now),
        fields=fields,
        seen=one.mark,
        entry=own.name if own is not None and own.name else one.name,
        fault=fault_words(one.fault),
        refusal=own.words if own is not None else "",
        rename_path=links.rename_mapping(one.id),
        remove_path=links.remove_mapping(one.id),
    )
