"""``flask keys prune``: old idempotency keys go, those of files and of the last weeks stay."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.helpers.cast import Cast, Part
from tests.helpers.client_fixtures import ApiClient
from tests.helpers.warehouse import Warehouse
from webapp.database.unit_of_work import Once, Outcome, unit_of_work
from webapp.domain.clock import time_is, utc_now
from webapp.models import IdempotencyKey
from webapp.services import old_keys
from webapp.services.old_keys import KEY_DAYS, prune_keys, prune_next

pytestmark = pytest.mark.both_engines


def use(db: Session, cast: Cast, key: str, days_ago: float) -> Outcome[dict[str, int]]:
    """Send a request under a key, so many days ago."""
    with time_is(utc_now() - timedelta(days=days_ago)):
        return unit_of_work(db, lambda _: {"fulfilled": 1}, Once(cast.store.id, key, "paula", "the same"))


def keys(db: Session) -> set[str]:
    db.rollback()
    return set(db.scalars(select(IdempotencyKey.key)))


def prune(app: Flask, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["keys", "prune", *options])


def test_old_keys_go_and_younger_ones_still_answer(app: Flask, db: Session, cast: Cast) -> None:
    use(db, cast, "old", KEY_DAYS + 1)
    use(db, cast, "young", KEY_DAYS - 1)

    result = prune(app)

    assert (result.exit_code, result.output) == (0, "Keys: 1 deleted, 1 kept\n")
    assert keys(db) == {"young"}
    assert use(db, cast, "young", 0).replayed
    assert not use(db, cast, "old", 0).replayed


def test_pruning_again_changes_nothing(app: Flask, db: Session, cast: Cast) -> None:
    use(db, cast, "old", KEY_DAYS + 1)
    prune(app)

    assert prune(app).output == "Keys: 0 deleted, 0 kept\n"


@pytest.mark.parametrize(("days", "left"), [("7", set()), ("9", {"key"})])
def test_the_days_can_be_chosen(app: Flask, db: Session, cast: Cast, days: str, left: set[str]) -> None:
    use(db, cast, "key", 8)

    assert prune(app, "--days", days).exit_code == 0
    assert keys(db) == left


@pytest.mark.parametrize("days", ["6", "0", "-1", "x"])
def test_a_key_that_somebody_may_still_need_cannot_be_pruned(app: Flask, db: Session, cast: Cast, days: str) -> None:
    use(db, cast, "key", 8)

    assert prune(app, "--days", days).exit_code == 2
    assert keys(db) == {"key"}


def test_a_file_imported_long_ago_still_adds_its_stock_only_once(
    app: Flask, db: Session, cast: Cast, tmp_path: Path
) -> None:
    file = tmp_path / "stock.csv"
    file.write_text("sku,gtin,product_name,warehouse,location,quantity\nLMP,,Lamp,main,A1,5\n")
    command = ["import", "stock", str(file), "--store", cast.store.code]
    with time_is(utc_now() - timedelta(days=400)):
        app.test_cli_runner().invoke(args=command)

    prune(app)

    again = app.test_cli_runner().invoke(args=command)
    assert "Stock: 0 units added" in again.output
    assert "already imported" in again.output


def test_refusals_of_programs_go_as_well(
    app: Flask, db: Session, api_as: Callable[[Part], ApiClient], warehouse: Warehouse
) -> None:
    with time_is(utc_now() - timedelta(days=KEY_DAYS + 1)):
        refused = [api_as("packer").post("/orders/999999/items/1/ship", key=f"tap-{number}") for number in range(3)]
    assert {answer.status_code for answer in refused} == {404}
    assert len(keys(db)) == 3

    prune(app)

    assert keys(db) == set()


def test_each_sign_in_goes_on_a_little_further(db: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_keys, "_walked", None)
    for number in range(old_keys.AT_ONCE + 5):
        db.add(
            IdempotencyKey(
                store_id=cast.store.id,
                key=f"old-{number:04}",
                actor="paula",
                fingerprint="x",
                operation_id=f"{number}",
                created_at=utc_now() - timedelta(days=KEY_DAYS + 1),
            )
        )
    db.commit()

    left = []
    for _ in range(2):
        unit_of_work(db, prune_next)
        left.append(len(keys(db)))

    assert left == [5, 0]


def test_pruning_beside_repeats_of_the_same_key_leaves_one_effect_each_time(
    new_session: Callable[[], Session], db: Session, cast: Cast
) -> None:
    use(db, cast, "old", KEY_DAYS + 1)
    before = utc_now() - timedelta(days=KEY_DAYS)
    outcomes: list[Outcome[dict[str, int]]] = []
    start = threading.Barrier(4)

    def repeat() -> None:
        session = new_session()
        start.wait(10)
        outcomes.append(use(session, cast, "old", 0))

    def delete() -> None:
        session = new_session()
        start.wait(10)
        unit_of_work(session, lambda open_session: prune_keys(open_session, before, None))

    threads = [threading.Thread(target=act) for act in (repeat, repeat, repeat, delete)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(outcomes) == 3
    assert [outcome.replayed for outcome in outcomes].count(False) <= 1
    assert keys(db) <= {"old"}


def test_a_step_that_is_interrupted_deletes_nothing(db: Session, cast: Cast) -> None:
    use(db, cast, "old", KEY_DAYS + 1)

    def interrupted(session: Session) -> None:
        prune_keys(session, utc_now() - timedelta(days=KEY_DAYS), None)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        unit_of_work(db, interrupted)

    assert keys(db) == {"old"}
