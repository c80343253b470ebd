"""Tokens of programs: ``pb_<store id>_<43 characters>``. The database keeps only their SHA-256."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from flask import has_request_context
from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from webapp.auth.last_use import write_after_answer
from webapp.domain.clock import utc_now
from webapp.domain.roles import Role
from webapp.domain.settings import StoreSettings, load_settings
from webapp.models import ApiToken
from webapp.models.base import table_of
from webapp.models.database_doubts import number_of_doubts
from webapp.models.prepared import Prepared
from webapp.models.rows import columns_of, rows_of
from webapp.models.setting import settings_of

_TOKEN: Final = re.compile(r"pb_([1-9][0-9]{0,17})_[A-Za-z0-9_-]{43}", re.ASCII)


_RARELY: Final = timedelta(hours=1)
"""How old the time of last use may get before it is written again."""


class _ValidToken(NamedTuple):
    """What the database says of a token."""

    id: int
    name: str
    role: Role
    used_at: datetime | None
    settings: Any
    doubts: int


_FIND: Final = Prepared(
    select(
        *columns_of(_ValidToken, table_of(ApiToken), settings=settings_of(ApiToken.store_id), doubts=number_of_doubts())
    ).where(
        ApiToken.store_id == bindparam("store_id"),
        ApiToken.token_hash == bindparam("token_hash"),
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > bindparam("now"),
    )
)

_USED: Final = (
    update(table_of(ApiToken))
    .where(
        ApiToken.store_id == bindparam("of_store"),
        ApiToken.id == bindparam("of_token"),
        or_(ApiToken.used_at.is_(None), ApiToken.used_at < bindparam("earlier")),  # Of requests at once, one writes.
    )
    .values(used_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class TokenBearer:
    """A program with a valid token."""

    store_id: int
    name: str
    role: Role
    settings: StoreSettings
    doubts: int
    """How many doubts there were of what the database shows."""

    @property
    def actor(self) -> str:
        """Return the program's name as the trail shows it; the colon tells it from usernames."""
        return f"token:{self.name}"


def new_token(store_id: int, random: str | None = None) -> tuple[str, str]:
    """Return a new token of the store: the plain text, to be shown once, and the hash to store.

    ``random`` are its 43 characters that nobody can guess; without them it gets new ones.
    """
    plain = f"pb_{store_id}_{random or secrets.token_urlsafe(32)}"
    return plain, hash_token(plain)


def hash_token(plain: str) -> str:
    """Return the SHA-256 (hex). A token has 256 random bits and cannot be guessed, so a slow hash is not needed."""
    return hashlib.sha256(plain.encode()).hexdigest()


def find_token(db: Session, plain: str) -> TokenBearer | None:
    """Return the program that owns the token, in one statement; None if it is unknown, malformed, revoked or over."""
    match = _TOKEN.fullmatch(plain)
    if match is None:
        return None
    store_id = int(match[1])
    now = utc_now()
    values = {"store_id": store_id, "token_hash": hash_token(plain), "now": now}
    tokens = rows_of(_ValidToken, _FIND.run(db.connection(), values))
    if not tokens:
        return None
    token = tokens[0]
    if has_request_context() and (token.used_at is None or now - token.used_at > _RARELY):
        write_after_answer(_USED, {"of_store": store_id, "of_token": token.id, "at": now, "earlier": now - _RARELY})
    return TokenBearer(store_id, token.name, token.role, load_settings(token.settings), token.doubts)
