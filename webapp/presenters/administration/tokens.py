"""The page of tokens: which programs may come in, as what, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from webapp.domain.roles import ROLE_WORDS, Role
from webapp.languages import _, translate
from webapp.presenters.administration.people import end_words, role_options
from webapp.presenters.phrases.moments import Moment, moment
from webapp.presenters.pieces import Option
from webapp.presenters.refusals import NO_REFUSAL, Refusal


class Token(Protocol):
    """What the page reads of a token."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> Role: ...
    @property
    def expires_at(self) -> datetime: ...
    @property
    def used_at(self) -> datetime | None: ...
    @property
    def revoked_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token. ``used`` is None for never; ``state`` says whether it is valid, over or revoked."""

    id: int
    name: str
    role: str
    used: Moment | None
    ends: str
    state: str
    is_valid: bool


@dataclass(frozen=True, slots=True)
class TokensScreen:
    tokens: Sequence[TokenRow]
    roles: Sequence[Option]
    refusal: Refusal


def present_tokens(tokens: Iterable[Token], now: datetime, refusal: Refusal = NO_REFUSAL) -> TokensScreen:
    """Return the tokens, valid ones first."""
    rows = sorted((_row(token, now) for token in tokens), key=lambda row: not row.is_valid)
    return TokensScreen(rows, role_options(), refusal)


def _row(token: Token, now: datetime) -> TokenRow:
    is_valid = token.revoked_at is None and token.expires_at > now
    return TokenRow(
        id=token.id,
        name=token.name,
        role=translate(ROLE_WORDS[token.role]),
        used=moment(token.used_at, now) if token.used_at else None,
        ends=end_words(token.expires_at),
        state=_("valid") if is_valid else _("revoked") if token.revoked_at else _("over"),
        is_valid=is_valid,
    )
