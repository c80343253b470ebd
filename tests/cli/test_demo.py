"""The demo store: everything to look at, made once, and true to the unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.clock import utc_now
from webapp.domain.roles import Role
from webapp.domain.skips import ExceptionState, SkipReason
from webapp.domain.statuses import OPEN_STATUSES, OrderStatus
from webapp.models import Base, InventoryTransaction, Order, OrderEvent, StockException
from webapp.services.demo_store.stories import STORIES

pytestmark = pytest.mark.both_engines


def demo(app: Flask) -> Result:
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 0, result.output
    return result


def sign_ins(result: Result) -> dict[str, list[tuple[str, str]]]:
    """Usernames and passwords by role: the last lines of what was printed."""
    rows = [line.split() for line in result.stdout.partition("Sign in as:\n")[2].splitlines()[1:]]
    found: dict[str, list[tuple[str, str]]] = {}
    for role, username, password in rows:
        found.setdefault(role, []).append((username, password))
    return found


def rows_by_table(db: Session) -> dict[str, int]:
    db.rollback()
    return {
        table.name: db.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables
    }


def test_the_demo_store_has_every_status_a_history_and_what_goes_wrong_and_its_stock_is_right(
    app: Flask, db: Session
) -> None:
    demo(app)

    orders = db.scalars(select(Order)).all()
    causes = set(db.scalars(select(StockException.cause).where(StockException.state == ExceptionState.OPEN)))
    moves = db.scalars(select(InventoryTransaction.created_at).order_by(InventoryTransaction.id)).all()
    days = {when.date() for when in db.scalars(select(OrderEvent.created_at))}
    assert set(Counter(order.status for order in orders)) == set(OrderStatus)
    assert any(order.ship_by < utc_now() and order.status in OPEN_STATUSES for order in orders)
    assert causes >= {SkipReason.PLACEHOLDER_PRODUCT, SkipReason.INSUFFICIENT_INVENTORY}
    assert len(days) >= 5
    assert moves == sorted(moves)
    assert utc_now() - timedelta(days=8) < moves[0] < moves[-1] < utc_now()
    assert rows_by_table(db)["products"] >= 40
    assert app.test_cli_runner().invoke(args=["stock", "verify"]).exit_code == 0


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


def test_a_telling_that_was_cut_short_is_taken_up_again(
    app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("webapp.services.demo_store.telling.STORIES", STORIES[:9])
        patch.setattr("webapp.services.demo_store.telling._TOLD", "demo:told in part")
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
