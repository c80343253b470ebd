"""What a person reads when something fails, as a page and in place."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable

import psycopg
import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.test import TestResponse

from tests.helpers.cast import Part
from tests.helpers.markup import parse
from tests.helpers.tablet import Tablet
from webapp.auth.guard import public
from webapp.auth.person_session import TOKEN, new_token
from webapp.domain.errors import Forbidden, InvalidQuantity, OrderNotFound, PackbenchError, StaleView, Unavailable
from webapp.extensions import db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def failing(own_app: Flask) -> Callable[[Exception | int], FlaskClient]:
    """A client of an application whose ``/fails`` raises this error, or aborts with this status."""

    def fail_with(error: Exception | int) -> FlaskClient:
        own_app.config["PROPAGATE_EXCEPTIONS"] = False

        @public
        def fails() -> str:
            if isinstance(error, int):
                abort(error)
            raise error

        own_app.add_url_rule("/fails", view_func=fails)
        own_app.add_url_rule("/api/fails", endpoint="api_fails", view_func=fails)
        return own_app.test_client()

    return fail_with


def locked() -> OperationalError:
    return OperationalError("UPDATE orders", {}, sqlite3.OperationalError("database is locked"))


ERRORS = [
    (Forbidden("This is not open to the role of packer."), 403, "This is not open to the role of packer."),
    (OrderNotFound(), 404, "There is no such order in this store."),
    (StaleView("Somebody shipped 1 unit meanwhile."), 409, "Somebody shipped 1 unit meanwhile."),
    (InvalidQuantity("Enter a quantity."), 422, "Enter a quantity."),
    (Unavailable("The database did not confirm the change."), 503, "The database did not confirm the change."),
    (400, 400, "could not be read"),
    (413, 413, "too much to send"),
    (415, 415, "not understood"),
    (429, 429, "Wait a minute"),
    (locked(), 503, "Nothing was lost."),
    (sqlite3.OperationalError("database is locked: no turn at the write gate in time"), 503, "Nothing was lost."),
    (OperationalError("SELECT 1", {}, psycopg.OperationalError("connection refused")), 503, "Nothing was lost."),
    (PoolTimeout("QueuePool limit of size 20 reached"), 503, "Nothing was lost."),
    (OperationalError("SELECT 1", {}, psycopg.errors.QueryCanceled("statement timeout")), 503, "Nothing was lost."),
    (OperationalError("UPDATE x", {}, psycopg.errors.ReadOnlySqlTransaction("read-only")), 503, "takes no changes"),
    (OperationalError("UPDATE x", {}, psycopg.errors.DiskFull("No space left on device")), 503, "takes no changes"),
    (OperationalError("SELECT x", {}, psycopg.errors.IoError("could not read block 3")), 503, "takes no changes"),
    (
        OperationalError("SELECT x", {}, psycopg.errors.InsufficientPrivilege("could not open file: denied")),
        503,
        "takes no changes",
    ),
    (OperationalError("UPDATE x", {}, psycopg.errors.InsufficientPrivilege("permission denied")), 500, "went wrong"),
    (OperationalError("UPDATE x", {}, sqlite3.OperationalError("database or disk is full")), 503, "takes no changes"),
    (sqlite3.OperationalError("attempt to write a readonly database"), 503, "takes no changes"),
    (OperationalError("SELECT x", {}, sqlite3.OperationalError("disk I/O error")), 503, "takes no changes"),
    (OperationalError("SELECT x", {}, sqlite3.OperationalError("unable to open database file")), 503, "out of reach"),
    (OperationalError("SELECT x", {}, sqlite3.OperationalError("no such column: x")), 500, "Something went wrong"),
    (RuntimeError("secret inside"), 500, "Something went wrong"),
]


@pytest.mark.parametrize(("error", "status", "words"), ERRORS)
def test_an_error_becomes_a_page_that_says_what_happened_and_what_to_do(
    failing: Callable[[Exception | int], FlaskClient], error: Exception | int, status: int, words: str
) -> None:
    answer = failing(error).get("/fails")

    assert answer.status_code == status
    assert words in answer.text
    assert "<h1>" in answer.text
    assert "Go to the orders" in answer.text
    assert "secret inside" not in answer.text


@pytest.mark.parametrize(("error", "trace"), [(ERRORS[-1][0], "secret inside"), (ERRORS[-2][0], "no such column")])
def test_the_reference_of_a_broken_request_is_in_the_log_with_the_trace(
    failing: Callable[[Exception | int], FlaskClient],
    capsys: pytest.CaptureFixture[str],
    error: Exception | int,
    trace: str,
) -> None:
    answer = failing(error).get("/fails")
    reference = answer.headers["X-Request-ID"]
    logged = capsys.readouterr().err

    assert f"<code>{reference}</code>" in answer.text
    assert f"[{reference}] ERROR" in logged
    assert "Traceback" in logged
    assert trace in logged


@pytest.mark.parametrize(("error", "status", "words"), ERRORS)
def test_htmx_gets_it_as_a_notice_where_messages_appear(
    failing: Callable[[Exception | int], FlaskClient], error: Exception | int, status: int, words: str
) -> None:
    answer = failing(error).get("/fails", headers=HTMX)

    assert answer.status_code == status
    assert words in answer.text
    assert answer.text.lstrip().startswith('<div class="notice')
    assert "<html" not in answer.text
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#flash", "innerHTML")


@pytest.mark.parametrize(("error", "status", "words"), ERRORS)
def test_a_program_gets_it_as_a_problem_with_a_stable_code(
    failing: Callable[[Exception | int], FlaskClient], error: Exception | int, status: int, words: str
) -> None:
    answer = failing(error).get("/api/fails")
    problem = answer.get_json()

    assert answer.content_type == "application/problem+json"
    assert answer.status_code == status == problem["status"]
    assert "secret inside" not in answer.text
    if isinstance(error, PackbenchError):
        assert problem["code"] == error.code
        assert words in problem["detail"]


def test_words_remain_when_the_error_page_itself_is_broken(
    own_app: Flask, failing: Callable[[Exception | int], FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    own_app.jinja_env.globals["csrf_token"] = None
    own_app.template_context_processors[None].append(lambda: {"csrf_token": None})

    with caplog.at_level(logging.ERROR):
        answer = failing(RuntimeError()).get("/fails")

    assert answer.status_code == 500
    assert answer.mimetype == "text/plain"
    assert f"Reference: {answer.headers['X-Request-ID']}" in answer.text


def test_an_outage_says_when_to_come_back(failing: Callable[[Exception | int], FlaskClient]) -> None:
    assert failing(locked()).get("/fails").headers["Retry-After"] == "2"


def test_an_unknown_address_keeps_the_header_of_who_is_signed_in(client_as: Callable[[Part], FlaskClient]) -> None:
    page = client_as("packer").get("/nothing/here")

    assert page.status_code == 404
    assert "<b>paula</b>" in page.text


def test_an_unknown_address_offers_the_search_to_who_is_signed_in(
    client: FlaskClient, client_as: Callable[[Part], FlaskClient]
) -> None:
    assert 'name="search"' in client_as("packer").get("/nothing/here").text
    assert 'name="search"' not in client.get("/nothing/here").text


def ways(answer: TestResponse) -> dict[str, str]:
    return {link.words: link["href"] for link in parse(answer.text).one("main").all("a")}


def test_what_may_pass_can_be_tried_again_at_the_same_address(
    failing: Callable[[Exception | int], FlaskClient],
) -> None:
    assert ways(failing(locked()).get("/fails?page=2")) == {
        "Try again": "/fails?page=2",
        "Go to the orders": "/orders",
    }


def test_what_stays_as_it_is_leads_elsewhere(failing: Callable[[Exception | int], FlaskClient]) -> None:
    assert ways(failing(OrderNotFound()).get("/fails")) == {"Go to the orders": "/orders"}


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        ("http://localhost/orders/7?page=2", {"Back to the page": "/orders/7?page=2"}),
        ("http://elsewhere.example/orders/7", {}),
        ("http://[", {}),
        ("", {}),
    ],
)
def test_a_form_that_failed_leads_back_to_its_page(client: FlaskClient, referrer: str, back: dict[str, str]) -> None:
    answer = client.post("/healthz", headers={"Referer": referrer})

    assert answer.status_code == 405
    assert ways(answer) == {**back, "Go to the orders": "/orders"}


def test_a_page_has_no_sentence_of_a_library(failing: Callable[[Exception | int], FlaskClient]) -> None:
    client = failing(406)
    page, problem = client.get("/fails").text, client.get("/api/fails").get_json()

    assert "That request could not be read" in page
    assert "Not Acceptable" not in page
    assert problem["status"] == 406


def test_an_unknown_address_of_the_api_answers_in_json(client: FlaskClient) -> None:
    assert client.get("/api/v9/orders").content_type == "application/problem+json"


def test_an_unreachable_database_still_gives_a_page(app: Flask, client_as: Callable[[Part], FlaskClient]) -> None:
    packer = client_as("packer")
    with app.app_context():
        db.session.connection().exec_driver_sql("DROP TABLE memberships")
        db.session.commit()

    answer = packer.get("/nothing/here")

    assert answer.status_code == 404
    assert "paula" not in answer.text


def test_a_database_that_is_gone_gives_a_page_to_who_is_signed_in(make_app: Callable[[str], Flask]) -> None:
    client = make_app("postgresql+psycopg://nobody@127.0.0.1:1/packbench?connect_timeout=2").test_client()
    with client.session_transaction() as session:
        session[TOKEN] = new_token(1)[0]

    answer = client.get("/styleguide")

    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert "Nothing was lost." in answer.text


def test_a_wrong_method_is_a_page_that_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.get("/logout")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.app_config(MAX_CONTENT_LENGTH=1000)
def test_a_form_that_is_too_large_is_refused(client: FlaskClient) -> None:
    answer = client.post("/login", data={"username": "u" * 2000, "password": "p"})

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "address", ["/stock?cursor=garbage", "/activity?day=2026-02-30", "/exceptions?cause=xyz", "/matches?cursor=x"]
)
def test_a_link_that_asks_for_what_there_is_not_leads_to_the_page_without_it(manager: Tablet, address: str) -> None:
    answer = manager.get(address)

    assert answer.status == 422
    assert "Something in the form" not in answer.words
    way = answer.root.one("main").one("a", href=address.partition("?")[0])
    assert way.words == "Open the page from its start"
