"""Responses for one person: compressed if that helps, and if it leaks nothing."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from tests.helpers.cast import Part
from tests.helpers.client_fixtures import ApiClient
from webapp.auth.guard import public
from webapp.compression import LEAST_BYTES

GZIP = {"Accept-Encoding": "gzip, deflate"}
WORDS = b"two units of the lamp "


@pytest.fixture
def packer(client_as: Callable[[Part], FlaskClient]) -> FlaskClient:
    return client_as("packer")


def answer_with(app: Flask, response: Response) -> FlaskClient:
    app.add_url_rule("/words", view_func=public(lambda: response))
    return app.test_client()


def test_a_page_comes_compressed_and_says_so(packer: FlaskClient) -> None:
    answer = packer.get("/styleguide", headers=GZIP)

    assert "Style guide" in gzip.decompress(answer.data).decode()
    assert answer.content_length == len(answer.data) < len(packer.get("/styleguide").data) / 4
    assert {"Accept-Encoding", "HX-Request"} <= set(answer.vary)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_refusal_is_an_answer_too(packer: FlaskClient) -> None:
    answer = packer.get("/nothing", headers=GZIP)

    assert answer.status_code == 404
    assert b"There is nothing here" in gzip.decompress(answer.data)


def test_asking_for_the_headers_alone_tells_the_size(packer: FlaskClient) -> None:
    answer = packer.head("/styleguide", headers=GZIP)

    assert (answer.data, answer.headers["Content-Encoding"]) == (b"", "gzip")
    assert int(answer.headers["Content-Length"]) > LEAST_BYTES


def test_programs_get_it_too(api_as: Callable[[Part], ApiClient]) -> None:
    answer = api_as("packer").client.get("/api/v1/openapi.json", headers=GZIP)

    assert b'"openapi"' in gzip.decompress(answer.data)


@pytest.mark.parametrize(
    ("size", "encoding"), [(LEAST_BYTES - 1, None), (LEAST_BYTES, "gzip"), (LEAST_BYTES + 1, "gzip")]
)
def test_what_fits_into_one_packet_stays_as_it_is(own_app: Flask, size: int, encoding: str | None) -> None:
    client = answer_with(own_app, Response((WORDS * LEAST_BYTES)[:size], mimetype="text/plain"))

    answer = client.get("/words", headers=GZIP)

    assert answer.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in answer.vary


@pytest.mark.parametrize("mimetype", ["image/png", "font/woff2", "application/zip"])
def test_what_is_packed_already_stays_as_it_is(own_app: Flask, mimetype: str) -> None:
    answer = answer_with(own_app, Response(WORDS * 100, mimetype=mimetype)).get("/words", headers=GZIP)

    assert answer.data == WORDS * 100
    assert "Accept-Encoding" not in answer.vary


def test_what_comes_bit_by_bit_is_not_held_back(own_app: Flask) -> None:
    def rows() -> Iterator[bytes]:
        yield from [WORDS] * 100

    answer = answer_with(own_app, Response(rows(), mimetype="text/csv")).get("/words", headers=GZIP)

    assert answer.data == WORDS * 100


@pytest.mark.parametrize("accepted", ["", "br", "identity", "gzip;q=0"])
def test_who_does_not_take_gzip_gets_it_plain(packer: FlaskClient, accepted: str) -> None:
    assert b"Style guide" in packer.get("/styleguide", headers={"Accept-Encoding": accepted}).data


@pytest.mark.parametrize(
    ("asked_by", "encoding"),
    [("same-origin", "gzip"), ("none", "gzip"), ("cross-site", None), ("same-site", None), ("anything", None)],
)
def test_lengths_tell_another_site_nothing(packer: FlaskClient, asked_by: str, encoding: str | None) -> None:
    answer = packer.get("/styleguide", headers={**GZIP, "Sec-Fetch-Site": asked_by})

    assert answer.headers.get("Content-Encoding") == encoding
