"""The codes on a product's page: a manager adds and removes them, others only read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from tests.factories import make_product
from tests.factories.numbers import gtin13
from tests.helpers.cast import Part
from tests.helpers.statements import counted
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import Product
from webapp.services.imports.stock_drafts import DraftStock
from webapp.services.imports.stock_rows_before import StockFile
from webapp.services.imports.stock_writing import write_stock

CASE = "14006381333938"


@pytest.fixture
def lamp(warehouse: Warehouse) -> Product:
    return warehouse.product("Brass desk lamp", A1=5)


def add(tablet: Tablet, product: Product, code: str = CASE, units: str = "6", **fields: object) -> Answer:
    htmx = bool(fields.pop("htmx", True))
    return tablet.post(f"/stock/{product.id}/codes", {"code": code, "units": units, **fields}, htmx=htmx)


def rows(answer: Answer) -> list[str]:
    return [row.words for row in answer.root.all("li", css="codes__row")]


def removal(answer: Answer) -> str:
    form = answer.root.one("li", css="codes__row").one("form")
    return str(form.attributes["action"])


def test_a_code_is_added_with_its_units_and_who_added_it(manager: Tablet, lamp: Product) -> None:
    answer = add(manager, lamp)

    assert answer.status == 200
    assert "A scan of 14006381333938 finds this product: 6 units." in answer.words
    (row,) = rows(answer)
    assert f"{CASE} Case of 6 units max" in row


def test_sent_twice_it_is_added_once_and_without_htmx_as_well(manager: Tablet, lamp: Product) -> None:
    for _ in range(2):
        assert add(manager, lamp, htmx=False, idempotency_key="k1").status == 303
    again = add(manager, lamp)

    assert "was a code of this product already" in again.words
    assert len(rows(again)) == 1


def test_a_refused_code_keeps_what_was_typed_and_says_why(manager: Tablet, warehouse: Warehouse, lamp: Product) -> None:
    add(manager, lamp)
    mug = warehouse.product("Mug")

    taken, wrong = add(manager, mug), add(manager, mug, "4006381333932", "1")
    none = add(manager, mug, "X-1", "0")

    assert (taken.status, wrong.status, none.status) == (409, 422, 422)
    assert f"{CASE} is a code of {lamp.sku}." in taken.words
    assert "The check digit is wrong." in wrong.words
    assert taken.root.one("input", id="new-code-0").attributes["value"] == CASE
    assert rows(taken) == rows(wrong) == rows(none) == []


def test_every_field_says_by_itself_what_to_enter(manager: Tablet, lamp: Product) -> None:
    blank, zero = add(manager, lamp, "", ""), add(manager, lamp, "X-1", "0")

    assert "Scan or type the code." in blank.words
    assert "Enter a quantity." in blank.words
    assert "Enter 1, or how many units are in the case." in zero.words
    assert "ships nothing" not in zero.words


def test_a_code_is_removed_once(manager: Tablet, lamp: Product) -> None:
    path = removal(add(manager, lamp))

    answer, again = manager.post(path, {}, htmx=True), manager.post(path, {}, htmx=True)

    assert f"{CASE} is no code of this product any longer." in answer.words
    assert "The code was removed before." in again.words
    assert rows(answer) == []


def test_others_read_the_codes_and_change_none(
    tablet_of: Callable[[Part], Tablet], manager: Tablet, lamp: Product
) -> None:
    path = removal(add(manager, lamp))
    packer = tablet_of("packer")

    page = packer.get(f"/stock/{lamp.id}")

    assert len(rows(page)) == 1
    assert not page.root.all("form", css="codes__form")
    assert add(packer, lamp, "X-1").status == packer.post(path, {}).status == 403


def test_a_gtin_of_several_products_is_offered_to_the_one_that_is_looked_at(
    manager: Tablet, warehouse: Warehouse
) -> None:
    gtin = gtin13(7)
    twin, _ = (make_product(warehouse.db, warehouse.store, f"Twin {number}", gtin=gtin) for number in range(2))

    page = manager.get(f"/stock/{twin.id}")
    assert f"Other products have the GTIN {gtin}, so its lines wait." in page.words
    assert page.root.one("input", id="new-code-0").attributes["value"] == gtin
    answer = add(manager, twin, gtin, "1")

    assert "Other products have" not in answer.words
    assert len(rows(answer)) == 1


def test_more_codes_cost_no_more_statements(manager: Tablet, lamp: Product, engine: Engine) -> None:
    def statements() -> int:
        with counted(engine) as log:
            manager.get(f"/stock/{lamp.id}")
        return len(log)

    add(manager, lamp)
    before = statements()
    for number in range(5):
        add(manager, lamp, f"X-{number}", "1")

    assert statements() == before


def test_the_journal_says_who_added_and_removed_a_code_and_how(
    manager: Tablet, warehouse: Warehouse, lamp: Product
) -> None:
    added = add(manager, lamp)
    manager.post(removal(added), {"idempotency_key": "k2"})
    rows = [DraftStock(2, lamp.sku, gtin13(88), "", "main", "A1", 1)]
    warehouse.do(write_stock, reason="A delivery", rows=rows, file=StockFile("a-delivery", "delivery.csv"))

    journal = manager.get(f"/stock/{lamp.id}").root.one("details", css="codes__journal").words

    assert "An import by paula added it, for 1 unit." in journal
    assert "max removed it on a screen." in journal
    assert "max added it on a screen, for 6 units." in journal
