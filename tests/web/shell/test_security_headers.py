"""Security headers of every response, and https where it is switched on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.factories import PASSWORD
from tests.helpers.cast import NAMES, Part

DOCUMENTS = ["/login", "/styleguide", "/healthz", "/static/images/mark.svg", "/nothing", "/api/x"]
PARTS_OF_PAGES = ["/static/js/theme.js", "/assets/packbench.css"]


@pytest.mark.parametrize("address", DOCUMENTS)
def test_every_answer_is_told_to_keep_to_itself(client: FlaskClient, address: str) -> None:
    headers = client.get(address, buffered=True).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("address", PARTS_OF_PAGES)
def test_what_is_no_document_carries_no_policy_of_documents(client: FlaskClient, address: str) -> None:
    headers = client.get(address, buffered=True).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Content-Security-Policy" not in headers


def test_the_policy_allows_no_inline_script_and_no_eval(client: FlaskClient) -> None:
    policy = client.get("/login").headers["Content-Security-Policy"]

    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", ["/login", "/styleguide"])
def test_pages_hold_no_inline_script_and_no_inline_style(
    client_as: Callable[[Part], FlaskClient], client: FlaskClient, address: str
) -> None:
    page = (client if address == "/login" else client_as("packer")).get(address).text

    assert re.findall(r"<script(?![^>]*\ssrc=)", page) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", page) == []
    assert "<script" in page


def test_pages_are_not_stored_and_differ_for_htmx(client_as: Callable[[Part], FlaskClient]) -> None:
    page = client_as("packer").get("/styleguide")

    assert page.headers["Cache-Control"] == "no-store"
    assert "HX-Request" in page.vary


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    cookie = client.get("/login").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_signing_out_clears_what_was_fetched_ahead_and_nothing_that_was_typed(
    client_as: Callable[[Part], FlaskClient],
) -> None:
    answer = client_as("packer").post("/logout")

    assert answer.headers["Clear-Site-Data"] == '"prefetchCache", "prerenderCache"'


@pytest.mark.app_config(HTTPS=True, SESSION_COOKIE_SECURE=True)
class TestHttps:
    def test_a_plain_request_is_sent_to_https(self, client: FlaskClient) -> None:
        answer = client.get("/login?next=/orders")

        assert (answer.status_code, answer.location) == (308, "https://localhost/login?next=/orders")

    @pytest.mark.parametrize("address", ["/healthz", "/readyz"])
    def test_a_health_check_is_never_sent_away(self, client: FlaskClient, address: str) -> None:
        assert client.get(address).status_code == 200

    def test_browsers_are_told_to_stay_there(self, client: FlaskClient) -> None:
        answer = client.get("/login", base_url="https://localhost")

        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "Secure" in answer.headers["Set-Cookie"]

    @pytest.mark.app_config(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-packbench_session")
    def test_the_cookie_meets_the_conditions_of_its_prefix(self, client: FlaskClient) -> None:
        parts = client.get("/login", base_url="https://localhost").headers["Set-Cookie"].split("; ")

        assert parts[0].startswith("__Host-packbench_session=")
        assert {"Secure", "Path=/", "HttpOnly"} <= set(parts)
        assert not any(part.startswith("Domain") for part in parts)

    @pytest.mark.usefixtures("cast")
    @pytest.mark.app_config(HTTPS=True, SESSION_COOKIE_SECURE=True, WTF_CSRF_ENABLED=True)
    def test_signing_in_works_there(self, client: FlaskClient) -> None:
        form = client.get("/login", base_url="https://localhost").text
        token = form.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]

        answer = client.post(
            "/login",
            base_url="https://localhost",
            headers={"Referer": "https://localhost/login"},
            data={"username": NAMES["packer"], "password": PASSWORD, "csrf_token": token},
        )

        assert answer.status_code == 303
