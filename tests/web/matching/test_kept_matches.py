"""The list of what was matched."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from tests.factories import make_product
from tests.helpers.cast import Cast, Part
from tests.helpers.statements import counted
from tests.helpers.tablet import Tablet
from tests.helpers.warehouse import Warehouse
from tests.web.matching.matches import GTIN, match, path_of
from webapp.models import Match, Product

TabletOf = Callable[[Part], Tablet]


@pytest.fixture
def lamp(warehouse: Warehouse) -> Product:
    """5 lamps at A1."""
    return warehouse.product("Brass desk lamp", A1=5)


def many(db: Session, product: Product, count: int, code: str = "MKT-") -> None:
    rows = [
        {
            "store_id": product.store_id,
            "kind": "sku",
            "code": f"{code}{number}",
            "match_key": f"{code}{number}".casefold(),
            "folded": f"{code}{number}".casefold(),
            "product_id": product.id,
            "matched_by": "max",
        }
        for number in range(count)
    ]
    db.execute(insert(Match), rows)
    db.commit()


@pytest.mark.parametrize("part", ["manager", "supervisor"])
def test_each_match_says_what_was_ordered_who_matched_it_and_how_many_lines_follow(
    tablet_of: TabletOf, warehouse: Warehouse, lamp: Product, part: Part
) -> None:
    unknown = warehouse.placeholder()
    warehouse.processing((unknown, 2), gtin=GTIN)
    warehouse.order((unknown, 1), gtin=GTIN)
    shipped = warehouse.processing((unknown, 1), gtin=GTIN)
    match(tablet_of("manager"), lamp)
    warehouse.ship(shipped, 1)

    (row,) = tablet_of(part).get("/matches/kept").root.one("tbody").all("tr")

    for words in (GTIN, "GTIN", "Brass desk lamp", "max", "2 lines"):
        assert words in row.words
    assert row.all("a", href=f"/stock/{lamp.id}")


def test_a_match_is_found_by_a_part_of_its_name_and_by_its_product(
    manager: Tablet, db: Session, warehouse: Warehouse, lamp: Product
) -> None:
    many(db, lamp, 1, "Äpfel-Lampe ")
    many(db, make_product(db, warehouse.store, "Blue mug"), 1, "Tasse ")

    found = {
        text: [
            row.one("th").words for row in manager.get(f"/matches/kept?search={text}").root.all("tr", css="match-row")
        ]
        for text in ("äPFEL", "lampe", "asse", "desk", "100%", "nothing")
    }

    lampe, tasse = ["Äpfel-Lampe 0 SKU"], ["Tasse 0 SKU"]
    assert found == {"äPFEL": lampe, "lampe": lampe, "asse": tasse, "desk": lampe, "100%": [], "nothing": []}


def test_another_stores_matches_are_not_there(manager: Tablet, db: Session, cast: Cast) -> None:
    many(db, make_product(db, cast.other_store, "Foreign lamp"), 1)

    assert "Nothing was matched yet" in manager.get("/matches/kept").words


@pytest.mark.both_engines
def test_thousands_of_matches_are_read_page_by_page_at_the_same_cost(
    manager: Tablet, db: Session, engine: Engine, lamp: Product
) -> None:
    many(db, lamp, 3_000)

    for path in ("/matches/kept", "/matches/kept?search=mkt-1"):
        with counted(engine) as statements:
            page = manager.get(path)
        assert len(statements) <= 8
        assert len(page.root.all("tr", css="match-row")) == 50
    onward = page.root.one("a", rel="next")["href"]
    again = manager.get(onward)
    seen = [row.words for shown in (page, again) for row in shown.root.all("tr", css="match-row")]
    assert len(set(seen)) == 100
    assert all("MKT-1" in words for words in seen)


def test_undoing_a_match_says_first_what_it_does(manager: Tablet, warehouse: Warehouse, lamp: Product) -> None:
    unknown = warehouse.placeholder()
    order = warehouse.processing((unknown, 4), gtin=GTIN)
    match(manager, lamp)
    warehouse.ship(order, 1)
    (link,) = manager.get("/matches/kept").root.all("a", aria_label=f"Undo the match of {GTIN}")

    page = manager.get(link["href"])

    for words in (
        "Later imports ask again which product it is.",
        "1 open line of 1 order waits to be matched again.",
        "3 reserved units are free, and go to orders that wait for them, oldest first.",
        "Units that have shipped stay shipped. The rest of their lines waits on a line of its own.",
        f"{order.order_number} 3 units to match again, 3 reserved, 1 shipped",
    ):
        assert words in page.words
    answer = manager.send(page.root.one("form", action=link["href"]), htmx=False)
    assert (answer.status, answer.location) == (303, "/matches/kept")
    after = manager.get("/matches/kept")
    assert "To be matched again: 1 line of 1 order. 3 units are free again." in after.words
    assert after.root.all("tr", css="match-row") == []
    assert "max undid this match already." in manager.get(link["href"]).words
    assert GTIN in manager.get("/matches").words
    assert "max undid that GTIN" in manager.get(f"/orders/{order.id}/audit").words


def test_a_pack_is_matched_listed_and_counted_again_when_it_is_undone(
    manager: Tablet, warehouse: Warehouse, lamp: Product
) -> None:
    order = warehouse.processing((warehouse.placeholder(), 2), gtin=GTIN)
    form = manager.get(path_of(gtin=GTIN, search="lamp")).root.one("li", css="candidate").one("form")
    assert form.one("input", name="pack_units")["value"] == "1"

    refused = manager.send(form, product_id=str(lamp.id), pack_units="three")
    assert (refused.status, "One ordered unit is 1 to 10000 units" in refused.words) == (422, True)
    form = refused.root.one("li", css="candidate").one("form")
    assert form.one("input", name="pack_units")["value"] == "three"
    manager.send(form, htmx=False, product_id=str(lamp.id), pack_units="2")

    assert "linked to 2 × Brass desk lamp. 4 units reserved." in manager.get("/matches").words
    assert "2 × Brass desk lamp" in manager.get("/matches/kept").root.one("tr", css="match-row").words
    assert "in packs of 2" in manager.get(f"/orders/{order.id}").words
    assert "One that the shop sells is 2 units of" in manager.get(f"/orders/{order.id}/audit").words
    (link,) = manager.get("/matches/kept").root.all("a", aria_label=f"Undo the match of {GTIN}")
    page = manager.get(link["href"])
    assert f"{order.order_number} 2 units to match again, 4 reserved" in page.words
    assert "Their units are counted again as the shop counts them" in page.words
    manager.send(page.root.one("form", action=link["href"]), htmx=False)
    again = manager.get(path_of(gtin=GTIN, search="lamp"))
    assert "1 line of 1 order, 2 units" in again.words


def test_a_product_that_is_made_for_packs_has_their_units(manager: Tablet, warehouse: Warehouse) -> None:
    order = warehouse.processing((warehouse.placeholder(), 2), gtin=GTIN)
    form = manager.get(f"/stock/new?gtin={GTIN}").root.one("form", css="product-form__texts")

    manager.send(form, htmx=False, name="Bulb", sku="BULB", gtin="", pack_units="6")

    assert (warehouse.item(order).quantity, warehouse.item(order).pack_units) == (12, 6)


@pytest.mark.parametrize("part", ["packer", "supervisor", "admin"])
def test_only_a_manager_undoes_a_match(
    tablet_of: TabletOf, db: Session, warehouse: Warehouse, lamp: Product, part: Part
) -> None:
    many(db, lamp, 1)
    (row,) = tablet_of("manager").get("/matches/kept").root.all("tr", css="match-row")
    path = row.one("a", css="button")["href"]
    tablet = tablet_of(part)

    assert tablet.get("/matches/kept").root.one("tr", css="match-row").all("a", css="button") == []
    assert tablet.get(path).root.all("form", action=path) == []
    assert tablet.post(path, {}).status == 403
