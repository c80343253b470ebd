"""The channels of a store, for its administrators: where its orders come from, and what people call it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.channels import ChannelKind, read_channel_code, read_channel_name
from webapp.domain.codes import code_key
from webapp.domain.errors import ChannelNotFound, NameTaken, StaleView
from webapp.domain.wording import say
from webapp.models import Channel, Order
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of
from webapp.services.people.store_lookup import lock_stores

_channels, _orders = table_of(Channel), table_of(Order)


class NamedChannel(NamedTuple):
    """A channel, by what files and what people call it."""

    id: int
    code: str
    name: str
    kind: ChannelKind


class KeptChannel(NamedTuple):
    """A channel, how many orders came from it, and when the last of them was ordered."""

    id: int
    code: str
    name: str
    kind: ChannelKind
    orders: int
    last_ordered_at: datetime | None


def _of_orders(number: Any) -> Any:
    """Return a number of the channel's orders, as a subquery of ``channels``."""
    of_channel = (_orders.c.store_id == _channels.c.store_id) & (_orders.c.channel_id == _channels.c.id)
    return select(number).select_from(_orders).where(of_channel).correlate(_channels).scalar_subquery()


_NAMED: Final = select(*columns_of(NamedChannel, _channels))
_KEPT: Final = select(
    *columns_of(
        KeptChannel,
        _channels,
        orders=_of_orders(func.count()),
        last_ordered_at=_of_orders(func.max(_orders.c.ordered_at)),
    )
)


def list_channels(db: Session, store_id: int) -> list[KeptChannel]:
    """Return the store's channels by name. This counts every order of the store."""
    channels = rows_of(KeptChannel, db.execute(_KEPT.where(_channels.c.store_id == store_id)))
    return sorted(channels, key=lambda one: (one.name.casefold(), one.id))


def find_channel(db: Session, store_id: int, channel_id: int) -> KeptChannel:
    """Return a channel of the store; this counts its orders. Raises ChannelNotFound."""
    of_id = (_channels.c.store_id == store_id, _channels.c.id == channel_id)
    for one in rows_of(KeptChannel, db.execute(_KEPT.where(*of_id))):
        return one
    raise ChannelNotFound


def name_of_channel(db: Session, store_id: int, channel_id: int) -> NamedChannel:
    """Return what a channel of the store is called. Raises ChannelNotFound."""
    for one in _named(db, store_id):
        if one.id == channel_id:
            return one
    raise ChannelNotFound


def add_channel(db: Session, store_id: int, code: str, name: str, kind: ChannelKind) -> str:
    """Add a channel before its first file comes; return its code. Without a name it is called by its code.

    Locks the store. Raises InvalidInput; NameTaken if the store has the code in any spelling, or the name.
    """
    code = read_channel_code(code)
    name = read_channel_name(name or code)
    lock_stores(db, [store_id])
    _refuse_name_of_another(db, store_id, name, code)
    row = {"store_id": store_id, "code": code, "code_key": code_key(code), "name": name, "kind": kind}
    added = insert_into(db, _channels).values(**row).on_conflict_do_nothing().returning(_channels.c.id)
    if db.scalar(added) is None:
        raise NameTaken(say("The store has a channel with the code “%(code)s”.", code=code), code=code)
    return code


def change_channel(
    db: Session, store_id: int, channel_id: int, name: str, kind: ChannelKind, seen: tuple[str, str] | None = None
) -> None:
    """Give a channel another name and kind; its code stays, since files have it. Locks the store.

    ``seen`` are the name and the kind that the person saw. Raises InvalidInput, ChannelNotFound; NameTaken for another
    channel's name or code, StaleView if somebody else has changed it since.
    """
    name = read_channel_name(name)
    lock_stores(db, [store_id])
    own = name_of_channel(db, store_id, channel_id)
    if (own.name, own.kind) == (name, kind):
        return
    if seen is not None and seen != (own.name, own.kind):
        raise StaleView(say("Somebody else has changed this channel meanwhile. Look at it, then save."))
    _refuse_name_of_another(db, store_id, name, own.code)
    of_id = (_channels.c.store_id == store_id, _channels.c.id == channel_id)
    db.execute(update(_channels).where(*of_id).values(name=name, kind=kind))


def find_by_code(db: Session, store_id: int, code: str) -> NamedChannel:
    """Return the channel with this code in any spelling. Raises ChannelNotFound."""
    for one in _named(db, store_id):
        if code_key(one.code) == code_key(code):
            return one
    raise ChannelNotFound


def _refuse_name_of_another(db: Session, store_id: int, name: str, code: str) -> None:
    """Raise NameTaken if another channel is called so: numbers with the name beside them would not say which is
    meant."""
    for one in _named(db, store_id):
        if code_key(one.code) != code_key(code) and code_key(name) in (code_key(one.name), code_key(one.code)):
            raise NameTaken(say("Another channel is called “%(name)s”. Choose another name.", name=name), name=name)


def _named(db: Session, store_id: int) -> list[NamedChannel]:
    return rows_of(NamedChannel, db.execute(_NAMED.where(_channels.c.store_id == store_id)))
