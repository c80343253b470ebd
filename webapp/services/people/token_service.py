"""Creates, lists and revokes programs' tokens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Final, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.clock import utc_now
from webapp.domain.errors import NameTaken, TokenNotFound
from webapp.domain.names import read_token_name
from webapp.domain.roles import Role
from webapp.domain.wording import say
from webapp.models import ApiToken, Store
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of

DEFAULT_NAME: Final = "api"

_tokens = table_of(ApiToken)


class KeptToken(NamedTuple):
    """What a store knows of a token; the token itself is not kept."""

    id: int
    store_code: str
    name: str
    role: Role
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


def add_token(db: Session, store_id: int, name: str | None, role: Role, token_hash: str, expires_at: datetime) -> str:
    """Store a program's token as its hash; return its name. Without a name it is called api, or api-2, api-3, …

    A name stays taken when its token ends, since the trail still shows it. Raises InvalidInput, NameTaken.
    """
    name = None if name is None else read_token_name(name)
    new = {"store_id": store_id, "role": role, "token_hash": token_hash, "expires_at": expires_at}
    for one in _free_names(db, store_id) if name is None else [name]:
        row = insert_into(db, ApiToken).values(**new, name=one, created_at=utc_now())
        if db.scalar(row.on_conflict_do_nothing().returning(ApiToken.id)) is not None:
            return one
    raise NameTaken(
        say("A token of this store is or was called “%(name)s”. Choose another name.", name=name), name=name
    )


def list_tokens(db: Session, store_id: int | None = None) -> list[KeptToken]:
    """Return the tokens of a store, or of all stores, by store and name; ended ones too."""
    query = select(*columns_of(KeptToken, _tokens, store_code=table_of(Store).c.code))
    query = query.join(Store, Store.id == _tokens.c.store_id).order_by(Store.code, _tokens.c.name)
    return rows_of(KeptToken, db.execute(query if store_id is None else query.where(_tokens.c.store_id == store_id)))


def revoke_token(db: Session, store_id: int, name: str) -> bool:
    """End a token at once; return False if it was revoked before. Raises TokenNotFound."""
    named = (_tokens.c.store_id == store_id) & (_tokens.c.name == name)
    ended = update(_tokens).where(named, _tokens.c.revoked_at.is_(None)).values(revoked_at=utc_now())
    if db.execute(ended.returning(_tokens.c.id)).first() is not None:
        return True
    if db.scalar(select(_tokens.c.id).where(named)) is None:
        raise TokenNotFound
    return False


def find_token_name(db: Session, store_id: int, token_id: int) -> str:
    """Return the name of a token of the store. Raises TokenNotFound."""
    name = db.scalar(select(_tokens.c.name).where(_tokens.c.store_id == store_id, _tokens.c.id == token_id))
    if name is None:
        raise TokenNotFound
    return str(name)


def _free_names(db: Session, store_id: int) -> Iterator[str]:
    """Yield default names that no token of the store had a moment ago; another command may take one meanwhile."""
    names = set(db.scalars(select(_tokens.c.name).where(_tokens.c.store_id == store_id)))
    for number in count(1):
        name = DEFAULT_NAME if number == 1 else f"{DEFAULT_NAME}-{number}"
        if name not in names:
            yield name
