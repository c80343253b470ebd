"""The pages of a store's people: who works there, who is invited, and what an administrator can do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from webapp.domain.roles import ROLE_WORDS, Role
from webapp.domain.wording import Wording, say
from webapp.languages import day, time_of_day, translate
from webapp.presenters.phrases.moments import Moment, moment
from webapp.presenters.pieces import Option
from webapp.presenters.refusals import NO_REFUSAL, Refusal

_DUTIES: Final[dict[Role, Wording]] = {
    Role.PACKER: say("Packer: picks and ships"),
    Role.MANAGER: say("Manager: orders and stock"),
    Role.SUPERVISOR: say("Supervisor: reads everything"),
    Role.ADMIN: say("Administrator: people, settings"),
}


class StaffMember(Protocol):
    """What the pages read of a person of the store."""

    @property
    def id(self) -> int: ...
    @property
    def username(self) -> str: ...
    @property
    def role(self) -> Role | None: ...
    @property
    def is_active(self) -> bool: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def last_sign_in_at(self) -> datetime | None: ...


class Invitation(Protocol):
    """What the page reads of an invitation."""

    @property
    def id(self) -> int: ...
    @property
    def username(self) -> str: ...
    @property
    def role(self) -> Role: ...
    @property
    def made_by(self) -> str: ...
    @property
    def expires_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: int
    username: str
    role: str
    is_open: bool
    is_self: bool
    seen: Moment | None
    """The last sign-in; None for never."""


@dataclass(frozen=True, slots=True)
class InvitationRow:
    id: int
    username: str
    role: str
    made_by: str
    until: str


@dataclass(frozen=True, slots=True)
class PeopleScreen:
    people: Sequence[PersonRow]
    invitations: Sequence[InvitationRow]
    roles: Sequence[Option]
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class PersonScreen:
    """One person. ``is_shared``: they also work where the reader is no administrator, who then decides only here."""

    person: PersonRow
    role: Role
    roles: Sequence[Option]
    is_shared: bool
    refusal: str


@dataclass(frozen=True, slots=True)
class ShownOnce:
    """A secret that is shown this once: a link for a person, or a program's token."""

    title: str
    label: str
    secret: str
    advice: str
    back: str
    """Where to go on."""


def present_people(
    people: Iterable[StaffMember],
    invitations: Iterable[Invitation],
    own_id: int,
    now: datetime,
    refusal: Refusal = NO_REFUSAL,
) -> PeopleScreen:
    """Return the people, those who may sign in first, and the open invitations."""
    rows = sorted((_row(person, own_id, now) for person in people), key=lambda row: not row.is_open)
    open_ones = [
        InvitationRow(one.id, one.username, translate(ROLE_WORDS[one.role]), one.made_by, end_words(one.expires_at))
        for one in invitations
    ]
    return PeopleScreen(rows, open_ones, role_options(), refusal)


def present_person(
    person: StaffMember, own_id: int, now: datetime, *, is_shared: bool, refusal: Refusal = NO_REFUSAL
) -> PersonScreen:
    """Return one person of the store."""
    role = person.role or Role.PACKER
    return PersonScreen(_row(person, own_id, now), role, role_options(), is_shared, refusal.words)


def role_options() -> list[Option]:
    """Return the roles to choose from, each with what it is for."""
    return [Option(role.value, translate(duty)) for role, duty in _DUTIES.items()]


def end_words(at: datetime) -> str:
    """Return the end of a link or token: 3 Dec 2026, 14:05 CET."""
    return f"{day(at)}, {time_of_day(at)}"


def _row(person: StaffMember, own_id: int, now: datetime) -> PersonRow:
    return PersonRow(
        id=person.id,
        username=person.username,
        role=translate(ROLE_WORDS[person.role or Role.PACKER]),
        is_open=person.is_active,
        is_self=person.id == own_id,
        seen=moment(person.last_sign_in_at, now) if person.last_sign_in_at else None,
    )
