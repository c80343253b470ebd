"""A served shop with open orders and, if wanted, years of shipped ones."""

from __future__ import annotations

from contextlib import ExitStack

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from bench.rig.databases import flask, fresh_database
from bench.rig.seed import seed_orders
from bench.rig.servers import Server, serve
from bench.rig.shop import CODE, PACKER, PASSWORD, OpenOrder, settle
from webapp.models import Store


def open_shop(stack: ExitStack, engine: str, orders: int, history: int = 0) -> tuple[Server, str, list[OpenOrder]]:
    """Return the server, a manager's token, and the open orders of five items."""
    url = stack.enter_context(fresh_database(engine))
    flask(url, "stores", "create", CODE, "Bench")
    flask(url, "users", "create", PACKER, "--store", CODE, "--role", "packer", "--password-stdin", stdin=PASSWORD)
    token = flask(url, "tokens", "create", "--store", CODE, "--role", "manager").split()[-1]
    database = create_engine(url)
    with Session(database) as db:
        seeded = seed_orders(db, db.get_one(Store, 1), orders, units=60, history=history)
    database.dispose()
    settle(url)
    open_orders = [OpenOrder(order_id, tuple(items)) for order_id, items in sorted(seeded.items_by_order.items())]
    return stack.enter_context(serve("wsgi:app", url)), token, open_orders
