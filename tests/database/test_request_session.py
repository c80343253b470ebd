"""A request reads without a transaction on PostgreSQL, and writes in one."""

from __future__ import annotations

from typing import cast

import pytest
from flask import Flask, request
from flask.ctx import RequestContext
from sqlalchemy import literal, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import StaleView
from webapp.extensions import db
from webapp.models import Store
from webapp.request_session import AUTOCOMMIT_READS
from webapp.services import order_inventory_service


def reading(app: Flask) -> RequestContext:
    """A request that the guard has admitted."""
    return app.test_request_context(environ_overrides={AUTOCOMMIT_READS: True})


def in_transaction() -> bool:
    """Return whether the database keeps a transaction open for the session between two statements."""
    connection = db.session.connection().connection.dbapi_connection
    info = getattr(connection, "info", None)
    return bool(connection.in_transaction if info is None else info.transaction_status)  # type: ignore[union-attr]


class TestRequestSession:
    def test_reading_in_a_request_keeps_no_transaction_open_on_postgresql(self, app: Flask) -> None:
        with reading(app):
            db.session.execute(text("SELECT 1"))

            assert in_transaction() is (db.engine.dialect.name == "sqlite")

    def test_rows_that_are_fetched_bit_by_bit_are_read_in_a_transaction(self, app: Flask) -> None:
        with reading(app):
            db.session.execute(text("SELECT 1"))
            rows = db.session.execute(select(literal(7)).execution_options(yield_per=10)).all()

            assert [tuple(row) for row in rows] == [(7,)]

    def test_all_that_a_request_reads_comes_from_one_connection(self, app: Flask) -> None:
        with reading(app):
            session = db.session()
            reader = session.connection()
            assert session.connection() is reader
            assert session.execute(text("SELECT 1")).scalar_one() == 1
            assert session.connection().connection.dbapi_connection is reader.connection.dbapi_connection
            assert pool_of(app).checkedout() <= 1

            session.rollback()
            assert reader.closed

    def test_what_read_before_the_guard_reads_on_after_it(self, app: Flask) -> None:
        with app.test_request_context():
            db.session.scalars(select(Store)).all()
            request.environ[AUTOCOMMIT_READS] = True
            db.session.scalars(select(Store)).all()
            assert db.session().connection().execute(text("SELECT 1")).scalar_one() == 1
            assert pool_of(app).checkedout() == 1

            unit_of_work(db.session(), lambda session: session.scalars(select(Store.id)).all())
            db.session.scalars(select(Store)).all()
            assert in_transaction() is (db.engine.dialect.name == "sqlite")
        assert pool_of(app).checkedout() == 0

    def test_a_request_gives_its_connection_back(self, app: Flask) -> None:
        with reading(app):
            reader = db.session().connection()
            unit_of_work(db.session(), lambda session: session.execute(text("SELECT 1")).scalar_one())
            assert reader.closed
            reader = db.session().connection()
            db.session().scalars(select(Store)).all()
        assert reader.closed
        assert pool_of(app).checkedout() == 0

    def test_a_failed_read_leaves_nothing_behind(self, app: Flask) -> None:
        with reading(app):
            for _ in range(2):
                with pytest.raises(DBAPIError):
                    db.session().execute(text("SELECT nothing FROM nowhere"))
                db.session().rollback()
            assert db.session().execute(text("SELECT 1")).scalar_one() == 1
        assert pool_of(app).checkedout() == 0

    def test_a_unit_of_work_in_a_request_is_one_transaction(self, app: Flask) -> None:
        with reading(app):
            db.session.execute(text("SELECT 1"))
            seen = unit_of_work(db.session(), lambda session: (session.execute(text("SELECT 1")), in_transaction())[1])
            db.session.execute(text("SELECT 1"))

            assert seen.result is True
            assert in_transaction() is (db.engine.dialect.name == "sqlite")

    def test_a_request_that_would_write_outside_of_one_is_stopped(self, app: Flask) -> None:
        with reading(app):
            db.session.add(Store(code="lux", name="Luxembourg shop"))
            with pytest.raises(RuntimeError, match="unit of work"):
                db.session.flush()

    def test_a_service_called_outside_of_one_is_stopped(self, app: Flask) -> None:
        with reading(app), pytest.raises(RuntimeError, match="unit of work"):
            order_inventory_service.fulfill_item(db.session(), 1, 1, 1, 1)

    def test_a_programs_own_route_reads_and_writes_in_one_transaction(self, app: Flask) -> None:
        with app.test_request_context():
            db.session.execute(text("SELECT 1"))

            assert in_transaction()

    def test_a_command_reads_and_writes_in_one_transaction(self, app: Flask) -> None:
        with app.app_context():
            db.session.execute(text("SELECT 1"))

            assert in_transaction()

    @pytest.mark.engines("postgresql")
    def test_the_driver_keeps_its_prepared_statements_from_request_to_request(self, app: Flask) -> None:
        read_often(app)

        assert prepared(app) == 1

    @pytest.mark.engines("postgresql")
    def test_the_driver_keeps_them_over_a_refusal(self, app: Flask) -> None:
        read_often(app)
        with reading(app), pytest.raises(StaleView):
            unit_of_work(db.session(), refuse)

        assert prepared(app) == 1

    @pytest.mark.engines("postgresql")
    def test_the_driver_keeps_them_over_a_failed_statement(self, app: Flask) -> None:
        read_often(app)
        with reading(app), pytest.raises(DBAPIError):
            unit_of_work(db.session(), lambda session: session.execute(text("SELECT 1 / 0")))

        assert prepared(app) == 1


def pool_of(app: Flask) -> QueuePool:
    """Return the pool of the application's connections."""
    with app.app_context():
        return cast(QueuePool, db.engine.pool)


def read_often(app: Flask) -> None:
    """Run one statement in so many requests that the driver prepares it."""
    for _ in range(12):
        with reading(app):
            db.session.execute(text("SELECT 1 AS kept"))


def prepared(app: Flask) -> int:
    """Return how often that statement is prepared on the connection, which has no transaction open."""
    with reading(app):
        query = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%AS kept'"
        number = db.session.scalar(text(query))
        assert not in_transaction()
    return int(number or 0)


def refuse(session: Session) -> None:
    """Stands for a service that refuses after it began."""
    session.execute(text("SELECT 1"))
    raise StaleView("Somebody was quicker.")
