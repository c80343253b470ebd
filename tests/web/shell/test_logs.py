"""A request's lines in the log."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.helpers.cast import Part


def test_a_line_names_method_path_status_time_and_person(
    client_as: Callable[[Part], FlaskClient], capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client_as("packer").get("/styleguide?q=Marie+Muster")
    last = capsys.readouterr().err.splitlines()[-1]

    reference = re.escape(answer.headers["X-Request-ID"])
    assert re.search(rf"\[{reference}\] INFO GET /styleguide 200 [0-9.]+ ms paula$", last)
    assert "Marie" not in last


def test_a_line_break_in_a_path_makes_no_line_of_its_own(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/nothing%0A2026-01-01%20INFO%20forged")

    assert "\n2026-01-01 INFO forged" not in capsys.readouterr().err


@pytest.mark.parametrize("address", ["/healthz", "/static/js/theme.js"])
def test_files_and_health_checks_stay_out_of_it(
    client: FlaskClient, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    client.get(address, buffered=True)

    assert capsys.readouterr().err == ""


def test_the_services_own_lines_reach_the_log(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    with app.app_context():
        logging.getLogger("packbench.stock").info("Reserved %d units of product %d for order %s", 2, 123, "ORD-1")

    assert "INFO Reserved 2 units of product 123 for order ORD-1" in capsys.readouterr().err


@pytest.mark.app_config(LOG_LEVEL="WARNING")
def test_the_setting_decides_how_much(client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    client.get("/login")

    assert capsys.readouterr().err == ""


class TestRequestId:
    def test_a_stranger_cannot_choose_it(self, client: FlaskClient) -> None:
        answer = client.get("/login", headers={"X-Request-ID": "chosen-by-me"})

        assert answer.headers["X-Request-ID"] != "chosen-by-me"

    @pytest.mark.app_config(TRUSTED_PROXIES=1)
    def test_a_trusted_proxy_can(self, client: FlaskClient) -> None:
        answer = client.get("/login", headers={"X-Request-ID": "from-the-proxy"})

        assert answer.headers["X-Request-ID"] == "from-the-proxy"

    @pytest.mark.app_config(TRUSTED_PROXIES=1)
    @pytest.mark.parametrize("given", ["short", "with space in it", "x" * 65])
    def test_but_not_with_anything(self, client: FlaskClient, given: str) -> None:
        assert client.get("/login", headers={"X-Request-ID": given}).headers["X-Request-ID"] != given
