"""A product's picture is sent only to people of its store, and cannot run scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from tests.helpers.cast import Cast, Part
from tests.helpers.pictures import JPEG, PNG, SVG, WEBP, write_files
from webapp.domain.pictures import kept_name

ClientAs = Callable[[Part], FlaskClient]

PICTURES = {
    kept_name(f"a.{ending}", content): content
    for ending, content in (("svg", SVG), ("png", PNG), ("webp", WEBP), ("jpg", JPEG))
}
DRAWING = kept_name("a.svg", SVG)
MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png", "webp": "image/webp", "jpg": "image/jpeg"}


@pytest.fixture(autouse=True)
def kept(app: Flask, cast: Cast, tmp_path: Path) -> Path:
    """The folder of pictures, with those of the cast's store."""
    app.config["PICTURE_FOLDER"] = str(tmp_path / "kept")
    write_files(tmp_path / "kept" / str(cast.other_store.id), {})
    return write_files(tmp_path / "kept" / str(cast.store.id), PICTURES)


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("part", ["packer", "manager", "supervisor", "admin"])
def test_everybody_in_the_store_sees_a_picture(client_as: ClientAs, part: Part, name: str) -> None:
    answer = client_as(part).get(f"/pictures/{name}")

    assert (answer.status_code, answer.data) == (200, PICTURES[name])
    assert answer.mimetype == MEDIA_TYPES[name.rpartition(".")[2]]


def test_a_browser_keeps_it_to_itself_for_good_and_lets_it_run_nothing(client_as: ClientAs) -> None:
    packer = client_as("packer")
    packer.get("/orders")  # The first request after signing in signs the session once more.

    headers = packer.get(f"/pictures/{DRAWING}").headers

    assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "Cookie" not in headers.get("Vary", "")  # Otherwise each new session cookie would fetch it again.
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers.getlist("Content-Security-Policy") == ["default-src 'none'; style-src 'unsafe-inline'; sandbox"]


@pytest.mark.parametrize(
    "name",
    [
        "0" * 16 + ".svg",
        DRAWING.upper(),
        DRAWING + "%00",
        DRAWING + "%0A",
        DRAWING.replace(".svg", ".png"),
        DRAWING.replace(".svg", ""),
        "..",
        "%2e%2e%2fpackbench.db",
        "..%5cpackbench.db",
        ".svg",
        "x" * 300,
    ],
)
def test_any_other_name_is_an_address_that_does_not_exist(client_as: ClientAs, name: str) -> None:
    client, as_htmx = client_as("packer"), {"HX-Request": "true"}  # Then no token differs from page to page.

    answer, nowhere = client.get(f"/pictures/{name}", headers=as_htmx), client.get("/nowhere", headers=as_htmx)

    assert (answer.status_code, answer.data) == (404, nowhere.data)
    assert answer.headers["Cache-Control"] == nowhere.headers["Cache-Control"] == "no-store"


def test_a_picture_of_another_store_is_not_there(client_as: ClientAs, cast: Cast) -> None:
    outsider = client_as("outsider")
    headers = {"HX-Request": "true"}

    names = (DRAWING, "0" * 16 + ".svg", f"..%2f{cast.store.id}%2f{DRAWING}", f"../{cast.store.id}/{DRAWING}")
    answers = [outsider.get(f"/pictures/{name}", headers=headers) for name in names]

    assert {(answer.status_code, answer.data) for answer in answers} == {(404, answers[0].data)}


def test_nobody_sees_one_without_signing_in(client: FlaskClient) -> None:
    answer = client.get(f"/pictures/{DRAWING}")

    assert answer.status_code == 303
    assert answer.location.startswith("/login")


def test_a_tile_shows_the_picture_or_else_a_package(app: Flask) -> None:
    template = '{% from "components/picture.html" import picture %}{{ picture(name, size="large") }}'

    with app.test_request_context():
        pictured, bare = (render_template_string(template, name=name) for name in (DRAWING, None))

    assert f'src="/pictures/{DRAWING}"' in pictured
    assert all(word in pictured for word in ('alt=""', 'width="96"', 'height="96"', 'loading="lazy"'))
    assert "<img" not in bare
    assert "<svg" in bare
