"""The demo store for tests of whole screens: each screen's address, and the person who opens it."""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from tests.helpers.databases import copy_rows
from webapp.auth.one_time import hash_of, link_token
from webapp.domain.causes import Cause, ExceptionState
from webapp.domain.clock import utc_now
from webapp.domain.import_jobs import Findings, ImportKind, JobState, RowsWithReason
from webapp.domain.roles import Role
from webapp.domain.statuses import OrderStatus
from webapp.models import ImportJobRow, Inventory, Match, Membership, Order, OrderItem, Product, StockException
from webapp.models.base import table_of
from webapp.models.order import note_is_unread
from webapp.services.imports.job_files import JobFiles
from webapp.services.people import link_service


class Screen(NamedTuple):
    """A screen's name, the demo person who opens it (None: nobody signed in), and its address."""

    name: str
    person: str | None
    address: str


@dataclass(frozen=True)
class DemoShop:
    """The demo store's screens, each in a state that shows its purpose."""

    screens: tuple[Screen, ...]

    def __getitem__(self, name: str) -> Screen:
        return next(screen for screen in self.screens if screen.name == name)


@pytest.fixture(scope="session")
def kept_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the run's demo store, to copy from: the database file and the pictures."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def demo_store(app: Flask, picture_folder: Path, kept_demo: Path) -> None:
    """The demo store, loaded once per run as ``make run`` does, and copied for each test."""
    app.config["PICTURE_FOLDER"] = str(picture_folder)
    database, kept = Path(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database or ""), kept_demo / "packbench.db"
    if kept.exists():
        copy_rows(kept, database)
        shutil.copytree(kept_demo / "pictures", picture_folder)
        return
    loaded = app.test_cli_runner().invoke(args=["demo"])
    assert loaded.exit_code == 0, loaded.output
    copy_rows(database, kept)
    shutil.copytree(picture_folder, kept_demo / "pictures")


@pytest.fixture
def demo_shop(app: Flask, demo_store: None, db: Session, request: pytest.FixtureRequest, tmp_path: Path) -> DemoShop:
    """The demo store's screens, for people whose tours have ended."""
    db.execute(update(Membership).values(tour_ended_at=utc_now()))
    db.commit()
    if "live_server" not in request.fixturenames:
        app.config["IMPORT_FOLDER"] = str(tmp_path / "imports")
    picked = _order(db, OrderStatus.PARTIALLY_SHIPPED)
    waiting = _order(db, OrderStatus.PROCESSING)
    shipped = _order(db, OrderStatus.SHIPPED)
    cancelled = _order(db, OrderStatus.CANCELLED)
    noted = db.scalars(select(Order).where(note_is_unread(table_of(Order)))).one()
    returned = db.scalars(select(OrderItem).where(OrderItem.shipped_quantity > OrderItem.returned_quantity)).first()
    product = db.scalars(select(Product).where(Product.sku == "MUG-BLUE")).one()
    held = db.scalars(select(Inventory).where(Inventory.reserved_quantity > 4)).first()
    unknown = db.scalars(
        select(OrderItem.gtin)
        .join(StockException, StockException.order_item_id == OrderItem.id)
        .where(
            StockException.cause == Cause.PLACEHOLDER_PRODUCT,
            StockException.state == ExceptionState.OPEN,
            OrderItem.gtin.is_not(None),
        )
    ).first()
    item = db.scalars(
        select(OrderItem).where(
            OrderItem.order_id == waiting.id,
            OrderItem.product_id.in_(select(Product.id).where(~Product.is_placeholder)),
        )
    ).first()
    match = db.scalars(select(Match.id).order_by(Match.id.desc())).first()
    packer = db.scalars(select(Membership).where(Membership.role == Role.PACKER)).first()
    assert packer is not None
    assert returned is not None
    assert held is not None
    assert unknown is not None
    assert item is not None
    return DemoShop(
        (
            Screen("sign-in", None, "/login"),
            Screen("orders", "paula", "/orders"),
            Screen("orders-found-none", "paula", "/orders?search=nothing+like+it"),
            Screen("order", "max", f"/orders/{picked.id}"),
            Screen("order-cancelled", "max", f"/orders/{cancelled.id}"),
            Screen("pick", "paula", f"/orders/{picked.id}/pick"),
            Screen("pick-packing-note", "paula", f"/orders/{noted.id}/pick"),
            Screen("order-packing-note", "max", f"/orders/{noted.id}"),
            Screen("pick-done", "paula", f"/orders/{shipped.id}/pick"),
            Screen("fewer-there", "paula", f"/orders/{waiting.id}/items/{item.id}/short-picks"),
            Screen("found-on-the-shelf", "paula", f"/orders/{waiting.id}/items/{item.id}/found-units"),
            Screen("hand-over", "paula", f"/orders/{picked.id}/assignment"),
            Screen("cancel", "max", f"/orders/{picked.id}/cancellation"),
            Screen("cancel-item", "max", f"/orders/{waiting.id}/items/{item.id}/cancellation"),
            Screen("erase-customer", "ada", f"/orders/{shipped.id}/erasure"),
            Screen("return", "max", f"/orders/{returned.order_id}/items/{returned.id}/returns"),
            Screen("audit", "sofia", f"/orders/{picked.id}/audit"),
            Screen("activity", "sofia", "/activity"),
            Screen("find-a-trail", "sofia", "/activity/orders?search=HK"),
            Screen("stock", "max", "/stock"),
            Screen("product", "max", f"/stock/{product.id}"),
            Screen("product-details", "max", f"/stock/{product.id}/details"),
            Screen("retirement", "max", f"/stock/{product.id}/retirement"),
            Screen("find-twin", "max", f"/stock/{product.id}/merge"),
            Screen("merge", "max", f"/stock/{product.id}/merge?with={held.product_id}"),
            Screen("new-product", "max", f"/stock/new?gtin={unknown}"),
            Screen(
                "count-below-reserved", "max", f"/stock/{held.product_id}/counts?location={held.location}&quantity=1"
            ),
            Screen("to-decide", "max", "/exceptions"),
            Screen("unknown-products", "max", "/matches"),
            Screen("products-from-lines", "max", "/matches/products"),
            Screen("matches", "max", "/matches/kept"),
            Screen("take-match-back", "max", f"/matches/kept/{match}/removal"),
            Screen("match", "max", f"/matches/new?gtin={unknown}&search=mug"),
            Screen("imports", "max", "/imports"),
            Screen("import", "max", f"/imports/{_import(db, picked.store_id)}"),
            Screen("columns", "max", f"/imports/{_file(app, db, picked.store_id)}/columns"),
            Screen("mappings", "max", "/imports/mappings"),
            Screen("own-password", "paula", "/account/password"),
            Screen("change-store", "max", "/store"),
            Screen("signed-in", "ada", "/sessions"),
            Screen("settings", "ada", "/settings"),
            Screen("people", "ada", "/people"),
            Screen("person", "ada", f"/people/{packer.user_id}"),
            Screen("tokens", "ada", "/tokens"),
            Screen("channels", "ada", "/channels"),
            Screen("channel", "ada", f"/channels/{picked.channel_id}"),
            Screen("stores", "ada", "/stores"),
            Screen("join", None, f"/join?link={invitation(db, packer.store_id)}"),
            Screen("backups", "ada", "/backups"),
            Screen("shortcuts", "paula", "/shortcuts"),
            Screen("not-there", "paula", "/orders/999999"),
            Screen("style-guide", "max", "/styleguide"),
        )
    )


def _import(db: Session, store_id: int) -> int:
    """Return a finished import of the demo store; its file is no longer there."""
    reasons = (
        RowsWithReason("rejected", "the order date is blank", 12, ((4, "HK-2004", ""), (9, "HK-2009", ""))),
        RowsWithReason("skipped", "already imported", 240),
    )
    counts = {"new_orders": 1622, "known_orders": 120, "rejected_orders": 6, "unmatched_lines": 17}
    job = ImportJobRow(
        store_id=store_id,
        kind=ImportKind.ORDERS,
        format="shopify",
        file_name="orders_export_1.csv",
        file_size=3_700_000,
        file_hash="0" * 64,
        state=JobState.FINISHED,
        created_by="max",
        report="report.csv",
        result=Findings(4252, 4000, 240, 12, counts, reasons).stored(),
    )
    db.add(job)
    db.commit()
    return job.id


def _file(app: Flask, db: Session, store_id: int) -> int:
    """Return an import whose columns nobody has named yet."""
    content = "Receipt;When;Buyer;Thing;Pieces\n7001;30/03/2026;Zoë Weber;Mug;2\n7002;31/03/2026;Ann Lee;Cup;1\n"
    files = JobFiles(Path(app.config["IMPORT_FOLDER"]), store_id)
    file = files.receive("etsy.csv", io.BytesIO(content.encode()))
    job = ImportJobRow(
        store_id=store_id,
        kind=ImportKind.ORDERS,
        file_name=file.name,
        file_size=file.size,
        file_hash=file.content_hash,
        state=JobState.UPLOADED,
        created_by="max",
    )
    db.add(job)
    db.commit()
    files.keep(file, job.id)
    return job.id


def invitation(db: Session, store_id: int) -> str:
    """Invite somebody as a packer; return the token of the link."""
    token = link_token(store_id, "x" * 43)
    link_service.invite(db, store_id, "pia", Role.PACKER, hash_of(token), utc_now() + timedelta(days=7), "ada")
    db.commit()
    return token


def _order(db: Session, status: OrderStatus) -> Order:
    """Return the order of this status with the most lines."""
    most = (
        select(OrderItem.order_id)
        .join(Order, (Order.store_id == OrderItem.store_id) & (Order.id == OrderItem.order_id))
        .where(Order.status == status)
        .group_by(OrderItem.order_id)
        .order_by(func.count().desc(), OrderItem.order_id)
        .limit(1)
    )
    return db.scalars(select(Order).where(Order.id == most.scalar_subquery())).one()
