"""Two servers of PostgreSQL: nobody hears that a change is done, or sees it, before it survives the loss of the first.

In each drill the standby dies, somebody ships, and the primary may follow it; then the standby is promoted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.factories import make_token
from tests.helpers.cast import Cast
from tests.helpers.client_fixtures import ApiClient
from tests.helpers.databases import PostgresqlDatabases
from tests.helpers.postgresql import Server, server_with_standby
from tests.helpers.requirements import missing
from tests.helpers.server_fixtures import LiveServer, serve
from tests.helpers.waiting import wait_until
from tests.helpers.warehouse import Warehouse
from webapp.database import postgresql_connection
from webapp.database.durability import write_mark
from webapp.domain.roles import Role
from webapp.models import OrderItem


@pytest.fixture
def servers() -> Iterator[tuple[Server, Server]]:
    """A primary and its standby."""
    with server_with_standby() as servers:
        if servers is None:
            missing("POSTGRESQL", "This test starts two servers of PostgreSQL, and there are no programs for them.")
        yield servers


@pytest.fixture
def database_url(servers: tuple[Server, Server]) -> str:
    """The primary's migrated database."""
    return PostgresqlDatabases(servers[0].url).migrated()


@dataclass
class Drill:
    """A program that ships one unit of an item, and the two servers behind it."""

    primary: Server
    standby: Server
    database: str
    engine: Engine
    make_app: Callable[[str], Flask]
    program: ApiClient
    item: OrderItem

    def lose_the_standby(self, *, commits_wait: bool) -> None:
        """Let it receive all there is, then end it; from then on commits wait for it, or not."""
        self.let_commits_wait(True)
        with Session(self.engine) as session:
            write_mark(session.connection())
            session.commit()
        self.let_commits_wait(commits_wait)
        self.standby.kill()

    def let_commits_wait(self, wait: bool) -> None:
        """Let the commits of new connections wait for the standby, or not."""
        with self.engine.begin() as connection:
            name, how = connection.engine.url.database, "on" if wait else "local"
            connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = {how}'))
        self.engine.dispose()

    def ship(self) -> TestResponse:
        """Ship one unit, always under the same key."""
        return self.program.post(f"/orders/{self.item.order_id}/items/{self.item.id}/ship", {"quantity": 1}, key="tap")

    def status(self) -> TestResponse:
        return self.program.get(f"/orders/{self.item.order_id}/shipment-status")

    def readiness(self) -> TestResponse:
        return self.program.client.get("/readyz")

    def shipped(self) -> Any:
        answer = self.status()
        assert answer.status_code == 200, answer.text
        return answer.get_json()["total_shipped_units"]

    def somebody_waits(self) -> bool:
        """Return whether a commit waits for the standby."""
        with psycopg.connect(self.primary.url.replace("+psycopg", "")) as connection:
            row = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'").fetchone()
        return row is not None and row[0] > 0

    def fail_over(self, *, restart: bool = True) -> None:
        """Lose the primary, promote the standby, and let the program go on there."""
        self.primary.kill()
        if restart:
            self.standby.start()
        self.standby.promote()
        url = make_url(self.database).set(port=self.standby.port)
        app = self.make_app(url.render_as_string(hide_password=False))
        self.program = ApiClient(app.test_client(), self.program.token)


@pytest.fixture
def drill(
    servers: tuple[Server, Server],
    database_url: str,
    engine: Engine,
    make_app: Callable[[str], Flask],
    app: Flask,
    db: Session,
    cast: Cast,
) -> Drill:
    warehouse = Warehouse(db, cast.store)
    order = warehouse.processing((warehouse.product(A1=9), 4))
    item = warehouse.item(order, 1)
    program = ApiClient(app.test_client(), make_token(db, cast.store, Role.PACKER))
    db.close()
    drill = Drill(*servers, database_url, engine, make_app, program, item)
    assert drill.shipped() == 0  # A new process is in doubt until it has read.
    return drill


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a standby that will not answer for less than the usual seconds."""
    monkeypatch.setattr(postgresql_connection, "CONFIRM_SECONDS", 0.3)


def test_the_control_without_a_synchronous_standby_loses_what_it_called_done(drill: Drill) -> None:
    drill.lose_the_standby(commits_wait=False)

    assert [drill.ship().status_code, drill.ship().status_code] == [200, 200]
    drill.fail_over()

    assert drill.shipped() == 0


@pytest.mark.usefixtures("impatient")
def test_what_no_standby_has_is_never_called_done_and_counts_once_after_the_fail_over(drill: Drill) -> None:
    drill.lose_the_standby(commits_wait=True)

    answers = [drill.ship(), drill.ship(), drill.status(), drill.ship(), drill.readiness()]

    assert [answer.status_code for answer in answers] == [503, 503, 503, 503, 503]
    assert answers[-1].text.startswith("database does not confirm changes: its standby is out of reach\n")
    drill.fail_over()
    assert drill.shipped() == 0
    first, again = drill.ship(), drill.ship()
    assert ("Idempotent-Replayed" in first.headers, "Idempotent-Replayed" in again.headers) == (False, True)
    assert first.data == again.data
    assert drill.shipped() == 1


def test_once_the_standby_is_back_the_repeat_is_told_that_it_is_done(
    drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    drill.lose_the_standby(commits_wait=True)
    with monkeypatch.context() as impatient:
        impatient.setattr(postgresql_connection, "CONFIRM_SECONDS", 0.3)
        assert drill.ship().status_code == 503
    drill.standby.start()

    again = drill.ship()

    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")
    drill.fail_over(restart=False)
    assert drill.shipped() == 1


def test_another_server_waits_with_what_it_reads_until_the_standby_has_it(
    drill: Drill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drill.let_commits_wait(True)
    with serve(drill.database, tmp_path) as other, ThreadPoolExecutor(1) as somebody:
        assert shipped_at(other, drill) == 0
        drill.lose_the_standby(commits_wait=True)
        with monkeypatch.context() as impatient:
            impatient.setattr(postgresql_connection, "CONFIRM_SECONDS", 0.3)
            assert drill.ship().status_code == 503

        reading = somebody.submit(shipped_at, other, drill)
        wait_until(drill.somebody_waits, "the other server to wait for the standby")
        assert not reading.done()
        drill.standby.start()

        assert reading.result() == 1


def shipped_at(server: LiveServer, drill: Drill) -> Any:
    """Return the order's units shipped, as another server of the same database says."""
    path = f"{server.url}/api/v1/store/orders/{drill.item.order_id}/shipment-status"
    with urlopen(Request(path, headers={"Authorization": f"Bearer {drill.program.token}"}), timeout=30) as answer:
        return json.load(answer)["total_shipped_units"]
