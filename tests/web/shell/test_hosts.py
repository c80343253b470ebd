"""Which Host a request may name, and that no redirect repeats a foreign one."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webapp.hosts import host_name

SHOP = ["packbench.shop.example", ".depot.example"]

with_hosts = pytest.mark.app_config(HOSTS=SHOP)


def ask(client: FlaskClient, path: str, host: str) -> TestResponse:
    return client.get(path, headers={"Host": host})


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("shop.example", "shop.example"),
        ("Shop.Example.:8000", "shop.example"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("[::1]:8000", "[::1]"),
        ("packbench_1", "packbench_1"),
        (f"{'a' * 63}.example", f"{'a' * 63}.example"),
        (f"{'a' * 64}.example", None),
        ("a." * 130 + "example", None),
        ("", None),
        ("shop..example", None),
        ("shop.example:80000000", None),
        ("user@shop.example", None),
        ("shop.example/x", None),
        ("shop example", None),
        ("bücher.example", None),
    ],
)
def test_a_host_has_a_name_or_is_odd(host: str, name: str | None) -> None:
    assert host_name(host) == name


@with_hosts
@pytest.mark.parametrize("host", ["packbench.shop.example", "PACKBENCH.shop.example:443", "north.depot.example"])
def test_the_shops_own_hosts_are_served(client: FlaskClient, host: str) -> None:
    assert ask(client, "/login", host).status_code == 200


@with_hosts
@pytest.mark.parametrize(
    "host", ["evil.example", "depot.example", "evildepot.example", "packbench.shop.example.evil.example"]
)
@pytest.mark.parametrize("path", ["/login", "/orders//1", "/static/x", "/api/v1/store/orders"])
def test_any_other_host_gets_a_plain_refusal(client: FlaskClient, host: str, path: str) -> None:
    answer = ask(client, path, host)

    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert host not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("host", [f"{'a' * 64}.example", "a b", "..", "user@shop.example"])
@pytest.mark.parametrize("path", ["/login", "/nothing-here"])
def test_an_odd_host_gets_a_plain_refusal_and_no_traceback(
    client: FlaskClient, host: str, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = ask(client, path, host)

    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert not [record for record in caplog.records if record.exc_info]


@with_hosts
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", ["10.0.0.7:8000", f"{'a' * 64}.example"])
def test_a_health_check_may_call_by_any_host(client: FlaskClient, path: str, host: str) -> None:
    assert ask(client, path, host).status_code == 200


@pytest.mark.parametrize("path", ["/orders//1", "//orders/1", "/orders//evil.example"])
def test_a_redirect_names_no_host(client: FlaskClient, path: str) -> None:
    answer = ask(client, path, "evil.example")

    assert "evil.example/" not in answer.headers.get("Location", "")
    assert not answer.headers.get("Location", "").startswith("//")


@pytest.mark.app_config(HOSTS=["shop.example"], HTTPS=True)
def test_the_way_to_https_leads_to_the_shops_own_host_only(client: FlaskClient) -> None:
    assert ask(client, "/login", "shop.example").location == "https://shop.example/login"
    assert ask(client, "/login", "evil.example").status_code == 400


@pytest.mark.app_config(HOSTS=["shop.example"])
def test_a_forwarded_host_counts_only_from_a_trusted_proxy(client: FlaskClient) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "shop.example"}

    assert client.get("/login", headers=headers).status_code == 400
