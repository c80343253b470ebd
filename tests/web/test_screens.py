"""Every page is among the screens of the demo store, so that axe checks it in every look."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask

from tests.helpers.client_fixtures import signed_in
from tests.helpers.demo_shop import DemoShop

NO_SCREEN = {
    "sessions.home": "leads on to a role's first screen",
    "orders.next_to_pick": "leads on to an order",
    "orders.next_after": "leads on to an order",
    "people.invitations": "leads on to the list of people",
    "stores.present": "leads on to the stores",
    "setup.new": "opens on an empty database alone; tests/browser/test_first_start.py looks at it",
    "backups.panel": "the list, as its page draws it",
    "imports.panel": "what changes of an import, as its page draws it",
    "imports.report": "a CSV file",
    "imports.template": "a CSV file",
    "orders.panel": "the list, as its page draws it",
    "orders.news": "what changed in the list, as its page draws it",
    "saved_filters.index": "the saved lists, as their page draws them",
    "picking.items": "items that a long order's page draws later",
    "picking.shipment_status": "a panel, as its page draws it",
    "exports.orders": "a CSV file",
    "exports.stock": "a CSV file",
    "exports.exceptions": "a CSV file",
    "exports.orders_xlsx": "a workbook",
    "exports.stock_xlsx": "a workbook",
    "exports.exceptions_xlsx": "a workbook",
    "exports.activity": "a CSV file",
    "exports.activity_xlsx": "a workbook",
    "import_entries.csv": "a CSV file",
    "import_entries.xlsx": "a workbook",
    "trail.export": "a CSV file",
    "trail.export_xlsx": "a workbook",
    "pictures.show": "a picture",
    "assets.scripts": "JavaScript",
    "assets.stylesheet": "CSS",
    "static": "files",
    "health.alive": "text for programs",
    "health.ready": "text for programs",
}


def test_every_page_is_a_screen(app: Flask, demo_shop: DemoShop) -> None:
    routes = app.url_map.bind("localhost")
    shown = {routes.match(urlsplit(screen.address).path)[0] for screen in demo_shop.screens}
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/")
    }

    assert pages - shown == set(NO_SCREEN)


def test_every_screen_opens_to_its_person(app: Flask, demo_shop: DemoShop) -> None:
    answers = {}
    for name, person, address in demo_shop.screens:
        client = signed_in(app, person) if person else app.test_client()
        answers[name] = client.get(address).status_code

    assert answers == dict.fromkeys(answers, 200) | {"not-there": 404}
