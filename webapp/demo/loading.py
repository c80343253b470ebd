"""Makes the demo store: first the goods, then every order and act of the stories, in order of time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.demo.acts import Scene
from webapp.demo.days import Days
from webapp.demo.people import MANAGER
from webapp.demo.stories import CASE_CODES, STOCKED, STORIES
from webapp.demo.story import Line, Story, Turn
from webapp.domain.clock import time_is, utc_now
from webapp.models import IdempotencyKey, Order, Product, Store
from webapp.services import product_code_service
from webapp.services.imports.drafts import DraftLine, DraftOrder
from webapp.services.imports.order_writing import Import, write_orders
from webapp.services.imports.reading import Progress, Source
from webapp.services.imports.report import Report
from webapp.services.imports.stock_import import import_stock
from webapp.services.imports.stock_writing import StockWritten
from webapp.services.people.store_settings import read_settings
from webapp.services.reads.order_lookup import orders_with_number

GOODS: Final = Path(__file__).with_name("goods.csv")
PICTURES: Final = Path(__file__).with_name("pictures")
"""A picture of each product, named after its SKU."""

_LOADED = "demo:told"
"""Idempotency key of the last step. The demo stores that there are have it in these words."""

_BEGUN = "demo:begun"
"""Idempotency key of the first step."""

T = TypeVar("T")


class RunOnce(Protocol):
    """Runs ``work`` by ``actor`` in a unit of work, once per ``key``; returns its result, and whether it had run
    before."""

    def __call__(self, key: str, actor: str, work: Callable[[Session], T]) -> tuple[T, bool]: ...


def is_loaded(db: Session, store_id: int) -> bool:
    """Return whether the demo store is complete."""
    return db.get(IdempotencyKey, (store_id, _LOADED)) is not None


def has_begun(db: Session, store_id: int) -> bool:
    """Return whether a run loaded something into the store, complete or not."""
    return db.get(IdempotencyKey, (store_id, _BEGUN)) is not None


def has_goods_or_orders(db: Session, store_id: int) -> bool:
    """Return whether the store has a product or an order."""
    first_rows = [select(one.id).where(one.store_id == store_id).limit(1) for one in (Order, Product)]
    return any(db.scalar(one) is not None for one in first_rows)


def load(db: Session, store: Store, run: RunOnce, progress: Progress) -> None:
    """Make the store's goods and orders. Each step happens once, so an interrupted run can be continued."""
    store_id, days = store.id, Days(utc_now(), store.time_zone)
    hours, zone = read_settings(db, store_id).ship_within_hours, ZoneInfo(store.time_zone)
    job = Import(store_id, hours, "demo", "native", "import", zone)
    with _quiet_log():
        run(_BEGUN, MANAGER.username, lambda _: None)
        with time_is(days.moment(STOCKED)):
            _bring_goods(store_id, run)
            _teach_case_codes(store_id, run)
        steps = _steps(job, days, _goods(db, store_id))
        for done, (moment, key, actor, work) in enumerate(sorted(steps, key=lambda step: step[0]), start=1):
            with time_is(moment):
                run(key, actor, work)
            progress("steps of the demo store", done, len(steps))
        run(_LOADED, MANAGER.username, lambda _: None)


Goods = dict[str, tuple[str, str]]
"""GTIN and name by SKU."""

Step = tuple[datetime, str, str, Callable[[Session], None]]
"""Time, idempotency key, actor, work."""


def _steps(job: Import, days: Days, goods: Goods) -> list[Step]:
    steps: list[Step] = []
    for story in STORIES:
        name = f"demo:{story.number}"
        steps.append((days.moment(story.when), name, "import", _order(job, days, story, goods)))
        for number, turn in enumerate(story.turns, start=1):
            moment = days.moment(turn.when)
            steps.append((moment, f"{name}:{number}", turn.person.username, _turn(job.store_id, story, turn)))
    return steps


def _order(job: Import, days: Days, story: Story, goods: Goods) -> Callable[[Session], None]:
    def work(db: Session) -> None:
        draft = DraftOrder(
            number=story.number,
            ordered_at=utc_now().replace(microsecond=0),
            ship_by=None if story.due_in_hours is None else days.due(story.due_in_hours),
            customer_name=story.customer,
            channel=story.channel,
            lines=tuple(_line(number, line, goods) for number, line in enumerate(story.lines, start=2)),
            content=sha256(repr(story.lines).encode()).hexdigest(),
            parcel_data=story.parcel_data,
        )
        write_orders(db, job, [draft])

    return work


def _line(row: int, line: Line, goods: Goods) -> DraftLine:
    gtin, name = goods.get(line.sku, ("", ""))
    return DraftLine(row, line.sku, line.gtin or gtin, line.name or name, line.units)


def _turn(store_id: int, story: Story, turn: Turn) -> Callable[[Session], None]:
    def work(db: Session) -> None:
        order_id = orders_with_number(db, store_id, story.number).get(story.channel)
        if order_id is None:
            raise LookupError(f"the demo's order {story.number} is gone")
        turn.act(Scene(db, store_id, order_id, turn.person.username))

    return work


def _bring_goods(store_id: int, run: RunOnce) -> None:
    def run_chunk(key: str, work: Callable[[Session], StockWritten]) -> tuple[StockWritten, bool]:
        return run(key, MANAGER.username, work)

    with TemporaryDirectory() as folder, Report(Path(folder), "goods", utc_now()) as report:
        import_stock(Source(GOODS), store_id, MANAGER.username, run_chunk, report, lambda *_: None)


def _teach_case_codes(store_id: int, run: RunOnce) -> None:
    for sku, code, units in CASE_CODES:

        def teach(db: Session, sku: str = sku, code: str = code, units: int = units) -> None:
            product_id = db.scalars(select(Product.id).where(Product.store_id == store_id, Product.sku == sku)).one()
            product_code_service.teach_code(db, store_id, product_id, code, units, actor=MANAGER.username)

        run(f"demo:code:{code}", MANAGER.username, teach)


def _goods(db: Session, store_id: int) -> Goods:
    rows = db.execute(select(Product.sku, Product.gtin, Product.name).where(Product.store_id == store_id))
    return {row.sku: (row.gtin or "", row.name) for row in rows}


@contextmanager
def _quiet_log() -> Iterator[None]:
    """Hide log lines about past days while the command prints."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
