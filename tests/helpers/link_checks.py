"""Checks that every address in a page's HTML matches a route and its method."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from webapp.paths import NOBODYS_ID

_ELSEWHERE = ("#", "data:", "http://", "https://", "mailto:")
_GETS = ("href", "src", "hx-get", "data-news", "data-items")
_SENDS = {"hx-post": "POST", "hx-put": "PUT", "hx-patch": "PATCH", "hx-delete": "DELETE"}


def check_links(html: str, app: Flask) -> None:
    """Fail if an address matches no route, or a route that does not allow the method."""
    routes = app.url_map.bind("localhost")
    for method, address in addresses_of(html):
        try:
            endpoint, values = routes.match(urlsplit(address).path, method=method)
        except (HTTPException, RequestRedirect) as error:
            raise AssertionError(f"{method} {address} leads nowhere: {error}") from error
        assert NOBODYS_ID not in values.values(), f"{method} {address}: no id for {endpoint}"


def addresses_of(html: str) -> Iterator[tuple[str, str]]:
    """Yield (method, address) of every link and form in the HTML that stays on this site."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return (pair for pair in dict.fromkeys(reader.found) if not pair[1].startswith(_ELSEWHERE))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._form_method = "GET"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.found += [("GET", given[name]) for name in _GETS if name in given]
        self.found += [(method, given[name]) for name, method in _SENDS.items() if name in given]
        if tag == "form":
            self._form_method = given.get("method", "get").upper()
            self.found += [(self._form_method, given["action"])] if "action" in given else []
        if "formaction" in given:
            self.found.append((given.get("formmethod", self._form_method).upper(), given["formaction"]))
