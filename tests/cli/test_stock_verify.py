"""``flask stock verify``: its exit code, its words, its JSON, and when it can check nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.factories import make_inventory, make_product
from tests.helpers.busy_store import make_busy_store
from webapp.models import Inventory, Store

pytestmark = pytest.mark.both_engines


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """Run ``flask stock verify`` with options."""
    return lambda *options: app.test_cli_runner().invoke(args=["stock", "verify", *options])


@pytest.fixture
def stores(db: Session) -> tuple[Store, Store]:
    """A busy store, and one with a single place."""
    busy = make_busy_store(db, "BUSY")
    quiet = Store(code="QUIET", name="The quiet shop")
    db.add(quiet)
    db.commit()
    make_inventory(db, make_product(db, quiet), 7)
    return busy, quiet


def _damage(db: Session, store: Store) -> int:
    """Add a unit at one place of the store without a ledger row; return the place's id."""
    db.rollback()
    place_id = db.scalars(select(Inventory.id).where(Inventory.store_id == store.id).order_by(Inventory.id)).first()
    assert place_id is not None
    db.execute(
        update(Inventory)
        .where(Inventory.store_id == store.id, Inventory.id == place_id)
        .values(quantity=Inventory.quantity + 1)
    )
    db.commit()
    return place_id


def test_sound_stock_ends_with_0_and_a_summary_of_one_screen(
    run: Callable[..., Result], stores: tuple[Store, Store]
) -> None:
    result = run()

    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert len(lines) <= 24
    assert lines[0].startswith("Checked every store in ")
    assert lines[-1] == "Stock is right: no row breaks an invariant."
    assert [line.split()[0] for line in lines[1:-1]] == ["1", "2", "3", "4", "5", "6", "0"]
    assert all(" holds " in line for line in lines[1:-1])


def test_damaged_stock_ends_with_1_and_names_each_row(
    run: Callable[..., Result], stores: tuple[Store, Store], db: Session
) -> None:
    place_id = _damage(db, stores[1])

    result = run()

    named = [line for line in result.stdout.splitlines() if line.startswith("Invariant ")]
    assert result.exit_code == 1
    assert len(named) == 2
    assert named[0].startswith(
        f"Invariant 1, store QUIET, inventory {place_id}: An inventory row is not the sum of its ledger rows"
    )
    assert "expected quantity 7, reserved_quantity 0, last_seq 1; found quantity 8, reserved_quantity 0" in named[0]
    assert named[1].endswith("[last_entry]")
    assert "BROKEN, 2 times" in result.stdout
    assert result.stdout.splitlines()[-1] == "Stock is NOT right: 2 violations, listed above."


def test_one_store_answers_for_itself_alone(
    run: Callable[..., Result], stores: tuple[Store, Store], db: Session
) -> None:
    _damage(db, stores[1])

    assert run("--store", "BUSY").exit_code == 0
    assert run("--store", "QUIET").exit_code == 1
    assert "Checked store QUIET in " in run("--store", "QUIET").stdout


def test_json_is_one_object_with_the_verdict_what_was_checked_and_every_violation(
    run: Callable[..., Result], stores: tuple[Store, Store], db: Session
) -> None:
    sound = _read_json(run("--json", "--store", "QUIET"), exit_code=0)
    place_id = _damage(db, stores[1])

    damaged = _read_json(run("--json"), exit_code=1)

    assert sound["ok"] is True
    assert sound["violations"] == []
    assert sound["checked"]["1"]["rows"] == {"inventory_transactions": 1, "inventory": 1, "products": 1}
    assert damaged["ok"] is False
    assert [violation["rule"] for violation in damaged["violations"]] == ["sums", "last_entry"]
    first = damaged["violations"][0]
    assert first.pop("message").startswith("An inventory row is not the sum of its ledger rows")
    assert first == {
        "invariant": 1,
        "rule": "sums",
        "store_id": stores[1].id,
        "store": "QUIET",
        "table": "inventory",
        "id": place_id,
        "named": {"product_id": first["named"]["product_id"]},
        "expected": {"quantity": 7, "reserved_quantity": 0, "last_seq": 1},
        "found": {"quantity": 8, "reserved_quantity": 0, "last_seq": 1},
    }


def test_an_unknown_store_ends_with_2_and_a_sentence(run: Callable[..., Result]) -> None:
    result = run("--store", "NOWHERE", "--json")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == "Error: There is no store with the code “NOWHERE”. Nothing was checked.\n"


def test_a_database_without_tables_ends_with_2_and_says_what_to_do(
    make_app: Callable[[str], Flask], empty_database_url: str
) -> None:
    result = make_app(empty_database_url).test_cli_runner().invoke(args=["stock", "verify"])

    assert result.exit_code == 2
    assert result.stderr.startswith("Error: The database lacks the table ")
    assert result.stderr.endswith("Bring it up to date: flask --app wsgi db upgrade\n")


def _read_json(result: Result, exit_code: int) -> Any:
    assert result.exit_code == exit_code
    return json.loads(result.stdout)
