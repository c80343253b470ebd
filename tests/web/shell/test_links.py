"""The addresses that screens get: they match the routes, and all of them lead somewhere."""

from __future__ import annotations

from dataclasses import fields

import pytest
from flask import Flask, url_for

from tests.helpers.client_fixtures import signed_in
from tests.helpers.demo_shop import DemoShop
from tests.helpers.link_checks import addresses_of, check_links
from webapp.domain.unknown_lines import MatchBy, UnknownCode
from webapp.presenters.links import Links
from webapp.web.links import build_links

_IDS: dict[str, list[object]] = {"OfOne": [7], "OfTwo": [7, 9], "Callable[[str], str]": ["a.png"]}
"""What makers of addresses take, by their type."""


@pytest.fixture
def links(app: Flask) -> Links:
    return build_links(app)


def test_an_address_is_the_one_that_flask_makes(app: Flask, links: Links) -> None:
    with app.test_request_context():
        assert links.home == url_for("sessions.home")
        assert links.order(7) == url_for("orders.show", order_id=7)
        assert links.ship_item(7, 9) == url_for("shipments.create", order_id=7, item_id=9)
        assert links.undo_line(7, 9) == url_for("shipments.undo", order_id=7, line_id=9)
        assert links.picture("a b.png") == url_for("pictures.show", name="a b.png")
        assert links.scanned_item(7, 9) == url_for("picking.show", order_id=7, found=9, _anchor="item-9")
        assert links.operation("ab12", 7) == url_for(
            "trail.show", order_id=7, operation="ab12", _anchor="operation-ab12"
        )
        assert links.operation("ab12") == url_for("activity.index", operation="ab12", _anchor="operation-ab12")


@pytest.mark.parametrize("search", ["Müller & Söhne", "50 % off?", "a+b", "#1", "x=1&y=2", '"><script>', "日本"])
def test_parameters_are_quoted_as_flask_quotes_them(app: Flask, links: Links, search: str) -> None:
    with app.test_request_context():
        assert links.orders(search=search, late="1") == url_for("orders.index", search=search, late="1")
        assert links.match(UnknownCode(MatchBy.SKU, search)) == url_for("matching.new", sku=search)


def test_a_parameter_that_is_none_is_left_out(links: Links) -> None:
    assert links.exceptions(cause=None) == "/exceptions"
    assert links.movements(7) == "/stock/7#movements"
    assert links.movements(7, "c5") == "/stock/7?moved_before=c5#movements"


def test_every_address_leads_to_a_route(app: Flask, links: Links) -> None:
    for field in fields(Links):
        made = getattr(links, field.name)
        takes = str(field.type)
        ids: list[object] = _IDS.get(takes, [])
        path = made if takes == "str" else made(*ids)
        assert app.url_map.bind("localhost").allowed_methods(path), field.name


def test_every_address_of_the_demo_store_leads_somewhere(app: Flask, demo_shop: DemoShop) -> None:
    for screen in demo_shop.screens:
        client = signed_in(app, screen.person) if screen.person else app.test_client()
        page = client.get(screen.address)
        assert list(addresses_of(page.text)), screen.name
        check_links(page.text, app)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/orderz">',
        '<a href="/orders/7/audits">',
        '<a href="/orders//pick">',
        '<a href="/orders/None">',
        '<form method="post" action="/orders/7/pick">',
        '<form method="get" action="/orders/7/status">',
        '<form method="post" action="/orders/7/status"><button formaction="/orders/7/audit">',
        '<div hx-post="/orders/7">',
        '<div hx-get="orders/7/shipments">',
        '<img src="/picture/a.png">',
    ],
)
def test_a_page_that_leads_nowhere_is_noticed(app: Flask, html: str) -> None:
    with pytest.raises(AssertionError, match=r"leads nowhere|no id"):
        check_links(html, app)
