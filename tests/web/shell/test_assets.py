"""Static files: cached for a year under their hash, compressed once, in ranges on request."""

from __future__ import annotations

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.config import ROOT

FOR_GOOD = "public, max-age=31536000, immutable"
HTMX = "vendor/htmx-4.0.1.min.js"
STATIC = ROOT / "static"
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def htmx(app: Flask) -> str:
    address: str = app.extensions["assets"].href(HTMX)
    return address


class TestAddresses:
    @pytest.mark.parametrize("name", ["js/theme.js", "packbench.css", "picking.js"])
    def test_one_with_the_right_hash_is_kept_for_good(self, app: Flask, client: FlaskClient, name: str) -> None:
        address = app.extensions["assets"].href(name)

        assert client.get(address).headers["Cache-Control"] == FOR_GOOD

    @pytest.mark.parametrize("address", ["/static/js/theme.js", "/static/js/theme.js?v=old", "/assets/shell.js"])
    def test_without_it_a_browser_asks_again(self, client: FlaskClient, address: str) -> None:
        assert client.get(address).headers["Cache-Control"] == "no-cache"

    def test_a_name_with_a_version_is_enough(self, client: FlaskClient) -> None:
        fonts = sorted((STATIC / "vendor" / "fonts").glob("*.woff2"))
        answers = [client.get(f"/static/{font.relative_to(STATIC).as_posix()}") for font in fonts]

        assert {answer.headers["Cache-Control"] for answer in answers} == {FOR_GOOD}
        assert {answer.mimetype for answer in answers} == {"font/woff2"}

    def test_the_rules_name_files_that_are_there(self, client: FlaskClient) -> None:
        named = re.findall(r"url\(\"?(/static/[^\")]+)", client.get("/assets/packbench.css").text)

        assert named
        assert {client.get(address).status_code for address in named} == {200}

    @pytest.mark.parametrize("name", ["nothing.js", "js.js", "..js", "%2E%2E%2Fjs.js", ".js"])
    def test_a_drawer_that_is_not_there_is_missing_without_fuss(self, client: FlaskClient, name: str) -> None:
        assert client.get(f"/assets/{name}").status_code == 404

    @pytest.mark.parametrize("name", ["nothing.js", "js", "../wsgi.py", "..%2Fwsgi.py", "js/%00"])
    def test_a_file_that_is_not_there_is_missing_without_fuss(self, client: FlaskClient, name: str) -> None:
        assert client.get(f"/static/{name}").status_code == 404


class TestCompression:
    def test_a_browser_that_takes_gzip_gets_the_same_file_in_a_third(self, client: FlaskClient, htmx: str) -> None:
        answer = client.get(htmx, headers=GZIP)

        assert gzip.decompress(answer.data) == (STATIC / HTMX).read_bytes()
        assert answer.content_length == len(answer.data) < 14_000
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.mimetype in ("text/javascript", "application/javascript")
        assert answer.headers["Cache-Control"] == FOR_GOOD
        assert answer.headers.getlist("Vary") == ["Accept-Encoding"]

    @pytest.mark.parametrize("accepted", ["", "br", "identity", "gzip;q=0", "gzip;q=0.5, identity"])
    def test_others_get_it_as_it_is(self, client: FlaskClient, htmx: str, accepted: str) -> None:
        answer = client.get(htmx, headers={"Accept-Encoding": accepted})

        assert answer.data == (STATIC / HTMX).read_bytes()
        assert "Content-Encoding" not in answer.headers
        assert answer.headers.getlist("Vary") == ["Accept-Encoding"]

    def test_asking_for_the_headers_alone_tells_the_size(self, client: FlaskClient, htmx: str) -> None:
        whole, head = client.get(htmx, headers=GZIP), client.head(htmx, headers=GZIP)

        assert head.data == b""
        assert (head.content_length, head.headers["ETag"]) == (len(whole.data), whole.headers["ETag"])

    def test_both_forms_have_tags_of_their_own_and_are_not_sent_twice(self, client: FlaskClient, htmx: str) -> None:
        plain, gzipped = client.get(htmx).headers["ETag"], client.get(htmx, headers=GZIP).headers["ETag"]

        again = client.get(htmx, headers={**GZIP, "If-None-Match": gzipped})
        other = client.get(htmx, headers={**GZIP, "If-None-Match": plain})

        assert plain != gzipped
        assert (again.status_code, again.data, other.status_code) == (304, b"", 200)
        assert again.headers["Cache-Control"] == FOR_GOOD
        assert again.headers.getlist("Vary") == ["Accept-Encoding"]

    def test_a_file_is_compressed_once(self, app: Flask, client: FlaskClient, htmx: str) -> None:
        client.get(htmx, headers=GZIP)
        asset = app.extensions["assets"].file(HTMX)

        client.get(htmx, headers=GZIP)

        assert app.extensions["assets"].file(HTMX) is asset


class TestParts:
    def test_a_part_is_of_the_file_itself(self, client: FlaskClient, htmx: str) -> None:
        answer = client.get(htmx, headers={**GZIP, "Range": "bytes=100-9999"})

        assert answer.status_code == 206
        assert answer.data == (STATIC / HTMX).read_bytes()[100:10_000]
        assert answer.headers["Content-Range"] == f"bytes 100-9999/{(STATIC / HTMX).stat().st_size}"
        assert "Content-Encoding" not in answer.headers

    def test_a_part_of_the_compressed_form_is_the_whole_file(self, client: FlaskClient, htmx: str) -> None:
        tag = client.get(htmx, headers=GZIP).headers["ETag"]

        answer = client.get(htmx, headers={**GZIP, "Range": "bytes=0-99", "If-Range": tag})

        assert (answer.status_code, answer.data) == (200, (STATIC / HTMX).read_bytes())

    def test_a_part_behind_the_end_is_refused(self, client: FlaskClient, htmx: str) -> None:
        assert client.get(htmx, headers={"Range": "bytes=900000-"}).status_code == 416


def test_the_stylesheet_holds_the_rules_of_every_file_once(client: FlaskClient) -> None:
    rules = client.get("/assets/packbench.css").text

    for rule in (".header__home {", ".button {", ".timeline {", ".sign-in {"):
        assert f"\n{rules}".count(f"\n{rule}") == 1
    assert rules.index(":root {") < rules.index(".header {") < rules.index(".button {") < rules.index(".sign-in {")
    assert "/*" not in rules


def test_all_static_files_that_a_page_names_are_kept_for_good(client: FlaskClient) -> None:
    named = re.findall(r'(?:href|src)="(/(?:static|assets)/[^"]+)"', client.get("/login").text)

    assert len(named) > 3
    assert {client.get(address).headers["Cache-Control"] for address in named} == {FOR_GOOD}
