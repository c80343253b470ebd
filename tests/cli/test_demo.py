"""The demo store: complete, made once, and correct to the unit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.services.imports.importing import CASES, Importer
from webapp.demo.people import PEOPLE
from webapp.demo.stories import STORIES
from webapp.domain.causes import Cause, ExceptionState
from webapp.domain.clock import utc_now
from webapp.domain.roles import Role
from webapp.domain.settings import DEFAULTS
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus
from webapp.models import (
    Base,
    InventoryTransaction,
    Order,
    OrderEvent,
    OrderItem,
    Product,
    ProductCode,
    StockException,
    Store,
)
from webapp.models.order import note_is_unread
from webapp.presenters.picking.screen import find_scanned
from webapp.services.reads.picking_queries import read_progress

pytestmark = pytest.mark.both_engines
"""What the store shows is the same on both, so tests of that take one, and the store that is loaded once per run."""


def demo(app: Flask) -> Result:
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 0, result.output
    return result


def sign_ins(result: Result) -> dict[str, list[tuple[str, str]]]:
    """Usernames and passwords by role: the last lines of the output."""
    rows = [line.split() for line in result.stdout.partition("Sign in as:\n")[2].splitlines()[1:]]
    by_status: dict[str, list[tuple[str, str]]] = {}
    for role, username, password in rows:
        by_status.setdefault(role, []).append((username, password))
    return by_status


def rows_by_table(db: Session) -> dict[str, int]:
    db.rollback()
    return {
        table.name: db.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables
    }


@pytest.fixture(autouse=True)
def kept_pictures(app: Flask, tmp_path: Path) -> Path:
    """The folder in which this test's application keeps pictures."""
    app.config["PICTURE_FOLDER"] = str(tmp_path / "pictures")
    return tmp_path / "pictures"


def test_the_demo_store_has_every_status_a_history_and_what_goes_wrong_and_its_stock_is_right(
    app: Flask, db: Session
) -> None:
    demo(app)

    causes = set(db.scalars(select(StockException.cause).where(StockException.state == ExceptionState.OPEN)))
    moves = db.scalars(select(InventoryTransaction.created_at).order_by(InventoryTransaction.id)).all()
    days = {when.date() for when in db.scalars(select(OrderEvent.created_at))}
    assert set(db.scalars(select(Order.status))) == set(OrderStatus)
    assert causes == set(Cause)
    assert len(days) >= 6
    assert moves == sorted(moves)
    assert utc_now() - timedelta(days=11) < moves[0] < moves[-1] < utc_now()
    assert rows_by_table(db)["products"] >= 40
    assert app.test_cli_runner().invoke(args=["stock", "verify"]).exit_code == 0


@pytest.mark.engines("sqlite")
def test_it_shows_a_case_code_an_address_and_a_packing_note_on_what_is_still_to_ship(app: Flask, db: Session) -> None:
    result = demo(app)

    case = select(ProductCode.product_id).where(ProductCode.units > 1)
    still_to_ship = select(OrderItem.order_id).where(
        OrderItem.product_id.in_(case), OrderItem.quantity > OrderItem.shipped_quantity + OrderItem.cancelled_quantity
    )
    noted = db.scalars(select(Order).where(note_is_unread(Order.__table__))).one()
    assert db.scalars(still_to_ship).all()
    assert noted.ship_to_lines
    assert noted.gift_text
    assert "(code DEMO)" in result.stdout


@pytest.mark.engines("sqlite")
@pytest.mark.usefixtures("demo_store")
def test_an_order_of_ten_lines_is_half_shipped_two_are_late_and_one_is_big(db: Session) -> None:
    promised = db.scalars(select(Order.ship_by).where(Order.status.in_(OPEN_STATUSES))).all()
    units = db.execute(
        select(func.count(), func.sum(OrderItem.quantity), func.sum(OrderItem.shipped_quantity))
        .join(Order, Order.id == OrderItem.order_id)
        .where(Order.status == OrderStatus.PARTIALLY_SHIPPED)
        .group_by(OrderItem.order_id)
    ).all()
    assert len([ship_by for ship_by in promised if ship_by < utc_now()]) == 2
    assert any(lines == 10 and ordered / 3 < shipped < ordered for lines, ordered, shipped in units)
    assert max(ordered for _, ordered, _ in units) > 150


@pytest.mark.engines("sqlite")
@pytest.mark.usefixtures("demo_store")
def test_its_people_work_at_the_hours_of_its_time_zone(db: Session) -> None:
    store = db.scalars(select(Store)).one()
    acts = db.scalars(select(OrderEvent.created_at).where(OrderEvent.actor.in_(person.username for person in PEOPLE)))
    hours = {when.astimezone(ZoneInfo(store.time_zone)).hour for when in acts}
    assert store.time_zone == "Europe/Luxembourg"
    assert hours <= set(range(8, 18))


@pytest.mark.engines("sqlite")
@pytest.mark.usefixtures("demo_store")
def test_the_barcode_of_a_product_leads_to_its_line_in_an_order_that_names_the_sku(db: Session, tmp_path: Path) -> None:
    store = db.scalars(select(Store)).one()
    Importer(db, store, tmp_path).orders(CASES / "28-demo-shopify.csv", "shopify")

    order = db.scalars(select(Order).where(Order.order_number == "#7001")).one()
    progress = read_progress(db, store.id, order.id, DEFAULTS.idle_time)
    item = progress.item(find_scanned(progress, "4006380013117").item_id or 0)

    assert (item and item.product_sku) == "BOWL-S"


@pytest.mark.engines("sqlite")
@pytest.mark.usefixtures("demo_store")
def test_every_product_has_a_picture_that_is_there(db: Session, kept_pictures: Path) -> None:
    rows = db.execute(select(Product.sku, Product.picture, Product.store_id).where(~Product.is_placeholder)).all()
    assert len(rows) >= 40
    assert [row.sku for row in rows if not row.picture] == []
    assert [row.sku for row in rows if not (kept_pictures / str(row.store_id) / row.picture).is_file()] == []
    assert len({row.picture for row in rows}) == len(rows)


@pytest.mark.engines("sqlite")
@pytest.mark.usefixtures("demo_store")
def test_a_store_that_was_made_without_pictures_gets_them(app: Flask, db: Session) -> None:
    db.execute(update(Product).values(picture=None))
    db.commit()

    demo(app)

    db.rollback()
    assert None not in set(db.scalars(select(Product.picture).where(~Product.is_placeholder)))


def test_made_again_it_changes_nothing_and_prints_the_same_sign_ins_which_are_right(app: Flask, db: Session) -> None:
    first = demo(app)
    before = rows_by_table(db)

    again = demo(app)

    assert sign_ins(again) == sign_ins(first)
    assert set(sign_ins(first)) == {role.value for role in Role}
    assert rows_by_table(db) == before
    assert before["orders"] == len(STORIES)
    for username, password in (person for people in sign_ins(again).values() for person in people):
        answer = app.test_client().post("/login", data={"username": username, "password": password})
        assert answer.status_code == 303, username


def test_a_demo_store_that_was_cut_short_is_completed(app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("webapp.demo.loading.STORIES", STORIES[:9])
        patch.setattr("webapp.demo.loading._LOADED", "demo:loaded in part")
        demo(app)
    demo(app)

    assert rows_by_table(db)["orders"] == len(STORIES)
    assert app.test_cli_runner().invoke(args=["stock", "verify"]).exit_code == 0


@pytest.mark.engines("sqlite")
def test_in_production_it_is_made_only_on_demand(app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKBENCH_ENV", "production")

    refused = app.test_cli_runner().invoke(args=["demo"])

    assert refused.exit_code == 1
    assert "passwords are public" in refused.stderr
    assert rows_by_table(db)["users"] == 0


@pytest.mark.engines("sqlite")
def test_without_tables_it_says_what_to_do(make_app: Callable[[str], Flask], empty_database_url: str) -> None:
    app = make_app(empty_database_url)

    result = app.test_cli_runner().invoke(args=["demo"])

    assert result.exit_code == 1
    assert "flask --app wsgi db upgrade" in result.stderr
