"""Picks: units that people have picked of an item and not shipped yet. They change under their order's lock alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, delete, insert, literal_column, select, update

from webapp.models import Pick
from webapp.models.base import table_of
from webapp.models.prepared import Prepared
from webapp.services.engine.stock_rows import ItemRow
from webapp.services.engine.writing import Values

_picks = table_of(Pick)
_OF_ITEM = (_picks.c.store_id == bindparam("of_store")) & (_picks.c.order_item_id == bindparam("of_item"))
_OWN = _OF_ITEM & (_picks.c.person == bindparam("of_actor"))
_COUNTED: Final = select(_picks.c.person, _picks.c.units).where(_OF_ITEM)
_FIRST: Final = Prepared(
    insert(_picks)
    .values(
        store_id=bindparam("of_store"),
        order_item_id=bindparam("of_item"),
        person=bindparam("of_actor"),
        units=bindparam("now"),
        updated_at=bindparam("at", type_=_picks.c.updated_at.type),
    )
    .inline()
)
_CHANGE: Final = Prepared(
    update(_picks)
    .where(_OWN)
    .values(units=bindparam("now"), updated_at=bindparam("at", type_=_picks.c.updated_at.type))
)
_TO_TAKE: Final = bindparam("less", type_=_picks.c.units.type)
_TAKE: Final = Prepared(
    update(_picks)
    .where(_OWN)
    .values(
        units=case((_picks.c.units > _TO_TAKE, _picks.c.units - _TO_TAKE), else_=literal_column("0")),
        updated_at=bindparam("at", type_=_picks.c.updated_at.type),
    )
)
_END: Final = Prepared(delete(_picks).where(_OF_ITEM))


def read(connection: Connection, store_id: int, item_id: int) -> dict[str, int]:
    """Return the units of an item that each person has picked."""
    rows = connection.execute(_COUNTED, {"of_store": store_id, "of_item": item_id})
    return {row.person: row.units for row in rows}


def read_own(connection: Connection, store_id: int, person: str, item_ids: Collection[int]) -> dict[int, int]:
    """Return the units that a person has picked of these items, by item."""
    own = (_picks.c.store_id == store_id) & (_picks.c.person == person) & _picks.c.order_item_id.in_(item_ids)
    rows = connection.execute(select(_picks.c.order_item_id, _picks.c.units).where(own))
    return {row.order_item_id: row.units for row in rows}


def write(connection: Connection, shared: Values, item: ItemRow, units: int, *, is_first: bool) -> None:
    """Store what the actor has picked of a locked item; ``is_first`` if there is no row of theirs yet."""
    statement = _FIRST if is_first else _CHANGE
    statement.run(connection, {**_named(shared), "of_item": item.id, "now": units})


def settle(connection: Connection, shared: Values, items: Iterable[ItemRow], packed: Sequence[Values]) -> None:
    """Take what the actor shipped off their picks; end all picks of items with nothing left to ship."""
    with_picks = [item for item in items if item.has_picks]
    if not with_picks:
        return
    values = _named(shared)
    units = {line["order_item_id"]: line["quantity"] for line in packed}
    end(connection, values["of_store"], (item for item in with_picks if not item.remaining_quantity))
    reduced = [
        {**values, "of_item": item.id, "less": units[item.id]}
        for item in with_picks
        if item.remaining_quantity and item.id in units
    ]
    if reduced:
        _TAKE.run_each(connection, reduced)


def end(connection: Connection, store_id: int, items: Iterable[ItemRow]) -> None:
    """End all picks of items: nothing is left to ship of them, or what was counted is not what they are now."""
    over = [{"of_store": store_id, "of_item": item.id} for item in items if item.has_picks]
    if over:
        _END.run_each(connection, over)


def _named(shared: Values) -> dict[str, Any]:
    return {name: shared[name] for name in ("of_store", "of_actor", "at")}
