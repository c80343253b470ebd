"""A program that writes to a database until it is done or killed: ``python -m tests.database.writer URL TASK …``.

It says ``ready``, waits for a line, and then does its task through the same engine and unit of work as the server:

- ``raise ROUNDS``: raise the version of order 100 by one, reading it first, ROUNDS times.
- ``pair``: for ever, move one unit of stock and write the ledger row for it, and say each row's number once committed.
- ``hold``: change the order, say ``flushed``, and never commit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from tests.database.rows import insert, row_of
from webapp.database.engine import engine_options, prepare
from webapp.database.unit_of_work import unit_of_work

STORE = 1
READ = text("SELECT version FROM orders WHERE store_id = 1 AND id = 100")
LOCKED = text("SELECT version FROM orders WHERE store_id = 1 AND id = 100 FOR UPDATE")
RAISE = text("UPDATE orders SET version = :version WHERE store_id = 1 AND id = 100")


def main(url: str, task: str, *arguments: str) -> None:
    engine = create_engine(url, **engine_options(url, pool_size=1))
    prepare(engine)
    with Session(engine) as session:
        print("ready", flush=True)
        sys.stdin.readline()
        TASKS[task](session, *arguments)


def raise_version(session: Session, rounds: str) -> None:
    for _ in range(int(rounds)):
        unit_of_work(session, add_one)


def add_one(session: Session) -> None:
    """Raise the version by reading it and writing back one more: safe only under the write lock."""
    version = session.scalar(LOCKED if session.get_bind().dialect.name == "postgresql" else READ)
    session.execute(RAISE, {"version": version + 1})


def write_pairs(session: Session) -> None:
    number = 1
    while True:
        unit_of_work(session, partial(write_pair, number=number))
        print(number, flush=True)
        number += 1


def write_pair(session: Session, number: int) -> None:
    """Write a ledger row and the number it leaves on the shelf, in two statements."""
    insert(session.connection(), "inventory_transactions", row_of("inventory_transactions", STORE, number))
    session.execute(text("UPDATE inventory SET last_seq = :seq WHERE store_id = 1 AND id = 100"), {"seq": number + 1})


def hold(session: Session) -> None:
    unit_of_work(session, add_one_and_stay)


def add_one_and_stay(session: Session) -> None:
    add_one(session)
    print("flushed", flush=True)
    sys.stdin.readline()


TASKS: dict[str, Callable[..., None]] = {"raise": raise_version, "pair": write_pairs, "hold": hold}

if __name__ == "__main__":
    main(*sys.argv[1:])
