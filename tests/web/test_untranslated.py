"""No screen has English-only text: every word is from a catalogue, or is the store's own data.

The demo store's pages are rendered in an invented language that puts ⟦brackets⟧ around everything from a catalogue.
Text outside of them must be names, codes, numbers or dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from tests.factories import make_token
from tests.helpers.client_fixtures import ApiClient
from tests.helpers.demo_shop import DemoShop
from webapp import languages
from webapp.domain.roles import Role
from webapp.domain.usual_reasons import recognise_reason
from webapp.domain.wording import Wording
from webapp.models import Base, Order, OrderItem, Product, StockException, Store

READ_OUT = ("aria-label", "title", "placeholder", "alt", "aria-description", "aria-valuetext")
OURS = {
    "Packbench",
    "SKU",
    "GTIN",
    "CSV",
    "Excel",
    "XLSX",
    "UTC",
    "CET",
    "CEST",
    "kB",
    "JavaScript",
    *languages.LANGUAGES.values(),
}
"""Names and terms that are the same in every language, and each language's own name."""

REASONS = {"reason", "resolution"}
"""Columns that hold a person's text or a reason of the program."""

VOID = {"br", "col", "hr", "img", "input", "link", "meta", "path", "circle", "rect", "line", "polyline", "polygon"}
"""Elements that no end tag closes."""

DATE = re.compile(r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b")
DAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b")
BRACKETS = re.compile("⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_]{2,}")


class Bracketed(NullTranslations):
    """A language that puts every sentence into brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


class Said(HTMLParser):
    """All that a page says, in its order: its text, and what is read out."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._silent: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        # Keys are labelled as on the keyboard, and each language by its own name.
        silent = tag in ("script", "style", "kbd") or (tag != "html" and "lang" in attributes) or any(self._silent[-1:])
        if tag not in VOID:
            self._silent.append(silent)
        self.text += ["\n", *(f"\n{attributes[name]}\n" for name in READ_OUT if attributes.get(name) and not silent)]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._silent.pop()
        self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if not any(self._silent[-1:]):
            self.text.append(data)


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every catalogue be the bracketed one."""
    monkeypatch.setattr(languages, "catalogue_of", lambda code: Bracketed())
    monkeypatch.setattr(languages, "_reader_of", languages._reader_of.__wrapped__)  # It remembers other tests' readers.


@pytest.fixture
def data(db: Session, demo_shop: DemoShop) -> set[str]:
    """Every word in the tables of the demo store, but for those of reasons that are said in every language."""
    assert demo_shop.screens
    words: set[str] = set()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            stored = db.scalars(select(cast(column, Text)).distinct())
            for value in map(filled_in, stored) if column.name in REASONS else stored:
                words.update(WORD.findall(value or ""))
    # Countries and languages are named by Babel in the reader's language, not by a catalogue.
    for named, codes in ((languages.country, Order.ship_to_country), (languages.name_of_language, Order.language)):
        for code in db.scalars(select(codes).distinct()):
            words.update(WORD.findall(named(code)))
    return words


def filled_in(reason: str) -> str:
    """Return of a reason only what its sentence was filled in with: a file's name, or somebody's own words."""
    sentence = recognise_reason(reason)
    if not isinstance(sentence, Wording):
        return reason
    return " ".join(str(value) for value in sentence.values.values() if not isinstance(value, Wording))


def sign_in(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    client.post("/login", data={"username": name, "password": f"{name}-demo"})
    return client


def addresses(app: Flask, db: Session) -> Iterator[str]:
    """Yield every page there is, for every order, product, exception and state of an item where one is asked for."""
    values = {
        "order_id": list(db.scalars(select(Order.id).order_by(Order.id))),
        "product_id": list(db.scalars(select(Product.id).order_by(Product.id).limit(12))),
        "exception_id": list(db.scalars(select(StockException.id).order_by(StockException.id))),
        "item_id": [],
    }
    items = _one_of_each_state(db)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith(("/api/", "/static/", "/assets/", "/styleguide")):
            continue
        if rule.rule.startswith(("/pictures", "/healthz", "/readyz")) or rule.rule.endswith((".csv", "/export")):
            continue
        names = [name for name in rule.arguments if name in values]
        if "item_id" in names:
            yield from (_filled(rule.rule, {"item_id": item, "order_id": order}) for item, order in items.items())
        elif names:
            yield from (_filled(rule.rule, {names[0]: value}) for value in values[names[0]])
        elif not rule.arguments:
            yield rule.rule


def _one_of_each_state(db: Session) -> dict[int, int]:
    """Return items and their orders: one for each status of an order and what happened to its units."""
    of_state = {
        (
            order.status,
            is_unknown,
            item.shipped_quantity > 0,
            item.shipped_quantity + item.cancelled_quantity == item.quantity,
            item.cancelled_quantity > 0,
            item.returned_quantity > 0,
            db.scalar(select(StockException.cause).where(StockException.order_item_id == item.id).limit(1)),
        ): (item.id, order.id)
        for item, order, is_unknown in db.execute(
            select(OrderItem, Order, Product.is_placeholder)
            .join(Order, Order.id == OrderItem.order_id)
            .join(Product, Product.id == OrderItem.product_id)
        ).all()
    }
    return dict(of_state.values())


def _filled(rule: str, values: dict[str, int]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(values[match[1]]), rule)


def left_over(html: str, data: set[str]) -> set[str]:
    """Return the words of a page that are from no catalogue and are no data."""
    page = Said()
    page.feed(html)
    text = "".join(page.text)
    text = DAY.sub("", DATE.sub("", text))
    while (shorter := BRACKETS.sub(" ", text)) != text:
        text = shorter
    return {word for word in WORD.findall(text) if word not in data and word not in OURS}


@pytest.mark.usefixtures("bracketed")
@pytest.mark.parametrize("name", ["paula", "max", "sofia", "ada", None])
def test_every_word_of_every_page_can_be_translated(app: Flask, db: Session, data: set[str], name: str | None) -> None:
    reader = sign_in(app, name) if name else app.test_client()
    missing: dict[str, str] = {}
    for address in addresses(app, db):
        answer = reader.get(address)
        if answer.mimetype == "text/html" and not answer.location:
            missing |= dict.fromkeys(left_over(answer.text, data), address)

    assert missing == {}


@pytest.mark.usefixtures("bracketed")
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("items/{item}/shipments", {"quantity": "0", "seen_shipped": "0"}),
        ("items/{item}/shipments", {"quantity": "99999", "seen_shipped": "0"}),
        ("items/{item}/shipments", {"quantity": "1", "seen_shipped": "7"}),
        ("items/{item}/shipments", {"quantity": "two"}),
        ("cancellation", {"reason": ""}),
        ("cancellation", {"reason": "x" * 501}),
        ("status", {"status": "delivered"}),
        ("status", {"status": "made up"}),
    ],
)
def test_every_word_of_a_refusal_can_be_translated(
    app: Flask, db: Session, data: set[str], path: str, fields: dict[str, str]
) -> None:
    order = db.scalars(select(Order).where(Order.order_number == "HK-1017")).one()
    item = db.scalars(select(OrderItem).where(OrderItem.order_id == order.id)).first()
    assert item is not None

    answer = sign_in(app, "max").post(f"/orders/{order.id}/{path.format(item=item.id)}", data=fields)

    assert answer.status_code in (409, 422)
    assert left_over(answer.text, data | {word for typed in fields.values() for word in WORD.findall(typed)}) == set()


@pytest.mark.usefixtures("bracketed")
def test_every_word_of_a_trail_can_be_translated_after_a_program_cancelled(
    app: Flask, db: Session, data: set[str]
) -> None:
    order = db.scalars(select(Order).where(Order.order_number == "HK-1017")).one()
    token = make_token(db, db.get_one(Store, order.store_id), Role.MANAGER)
    program = ApiClient(app.test_client(), token)

    answer = program.post(f"/orders/{order.id}/status", {"status": "cancelled"})

    assert answer.status_code == 200
    trail = sign_in(app, "sofia").get(f"/orders/{order.id}/audit").text
    assert "⟦Status set to ⟦cancelled⟧⟧" in trail
    assert left_over(trail, data | {"test"}) == set()


def test_what_a_page_says_in_plain_english_is_found() -> None:
    html = '<p title="Take back">⟦Shipped by ⟧<b>⟦paula⟧</b><span>⟦ today⟧ Left over</span> 21 Nov 2026</p>'

    assert left_over(html, {"paula"}) == {"Take", "back", "Left", "over"}
