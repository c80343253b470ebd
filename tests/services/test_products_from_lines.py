"""A shop without a list of its stock makes its products of the lines of its orders: never two for one code."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from tests.concurrency.racing import calls, race
from tests.helpers.failures import Broken, breaking
from tests.helpers.statements import counted
from tests.helpers.warehouse import Warehouse
from webapp.domain.errors import ConflictError
from webapp.domain.products import ProductTexts
from webapp.models import Order, Product
from webapp.services import product_service, products_from_lines
from webapp.services.products_from_lines import mark_of_plan, plan_products

pytestmark = pytest.mark.both_engines

GTIN, OTHER = "4006381333917", "4006381333924"


def waiting(warehouse: Warehouse, units: int = 2, **line: str) -> Order:
    """Make an order whose line matches no product."""
    of_store = Product.store_id == warehouse.store.id
    unknown = warehouse.db.scalar(select(Product).where(of_store, Product.is_placeholder)) or warehouse.placeholder()
    return warehouse.processing((unknown, units), **{"sku": "", "gtin": "", **line})


def seen(warehouse: Warehouse) -> str:
    warehouse.db.rollback()
    return mark_of_plan(plan_products(warehouse.db, warehouse.store.id))


def make(warehouse: Warehouse) -> tuple[int, int]:
    made = warehouse.do(products_from_lines.make_products, seen=seen(warehouse))
    return made["products"], made["lines"]


def products(warehouse: Warehouse) -> set[tuple[str, str | None]]:
    warehouse.db.rollback()
    of_store = Product.store_id == warehouse.store.id
    rows = warehouse.db.execute(select(Product.sku, Product.gtin).where(of_store, Product.is_placeholder.is_(False)))
    return {(row.sku, row.gtin) for row in rows}


def test_each_code_gets_one_product_and_its_lines_can_ship(warehouse: Warehouse) -> None:
    order = waiting(warehouse, gtin=GTIN, sku="MUG", product_name="Mug, blue")
    waiting(warehouse, gtin=GTIN, sku="MUG", product_name="Mug")
    waiting(warehouse, sku="TOWEL", product_name="Tea towel")
    waiting(warehouse, sku=OTHER, product_name="Bowl")
    waiting(warehouse, sku=GTIN, product_name="Mug")

    assert make(warehouse) == (3, 5)

    assert products(warehouse) == {("MUG", GTIN), ("TOWEL", None), (OTHER, OTHER)}
    assert make(warehouse) == (0, 0)
    warehouse.find(order, 2, location="A1")
    assert warehouse.status(order) == "shipped"


def test_what_the_store_has_is_matched_and_what_contradicts_is_left_to_a_person(warehouse: Warehouse) -> None:
    mug = warehouse.product("Mug", "MUG", A1=5)
    order = waiting(warehouse, sku="mug")
    waiting(warehouse, gtin=GTIN, sku="BOWL-1")
    waiting(warehouse, gtin=OTHER, sku="BOWL-1")

    assert make(warehouse) == (1, 2)
    assert make(warehouse) == (0, 0)

    assert products(warehouse) == {("MUG", mug.gtin), ("BOWL-1", GTIN)}
    assert warehouse.allocations(order) == {"A1": 2}
    [left] = plan_products(warehouse.db, warehouse.store.id)
    assert (left.gtin, left.is_doubtful) == (OTHER, True)


def test_what_nobody_sees_in_a_name_is_left_out(warehouse: Warehouse) -> None:
    waiting(warehouse, sku="HEART", product_name="Mug \u200b with \u2764\ufe0f\x07")
    waiting(warehouse, sku="BLANK", product_name="\u200b")

    assert make(warehouse) == (2, 2)

    of_store = Product.store_id == warehouse.store.id
    names = warehouse.db.scalars(select(Product.name).where(of_store, Product.is_placeholder.is_(False)))
    assert set(names) == {"Mug with \u2764", "BLANK"}


def test_a_gtin_that_is_the_sku_of_a_product_is_that_product(warehouse: Warehouse) -> None:
    warehouse.do(product_service.make_product, texts=ProductTexts("Mug", GTIN))
    warehouse.product("Bowl", OTHER)
    waiting(warehouse, gtin=GTIN, sku="MUG")
    waiting(warehouse, gtin=OTHER, sku="BOWL")
    waiting(warehouse, sku="TOWEL")

    assert make(warehouse) == (1, 2)

    [left] = plan_products(warehouse.db, warehouse.store.id)
    assert (left.gtin, left.is_doubtful) == (OTHER, True)
    assert warehouse.unsound() == []


def test_a_plan_costs_the_same_statements_however_many_codes_wait(warehouse: Warehouse, shared_engine: Engine) -> None:
    costs = []
    for skus in (("TOWEL",), ("BOWL", "MUG", "PLATE")):
        for sku in skus:
            waiting(warehouse, sku=sku)
        with counted(shared_engine) as statements:
            seen(warehouse)
        costs.append(len(statements))

    assert costs[0] == costs[1]


def test_what_the_person_did_not_see_is_not_made(warehouse: Warehouse) -> None:
    waiting(warehouse, sku="TOWEL")
    mark = seen(warehouse)
    waiting(warehouse, sku="BOWL")

    with pytest.raises(ConflictError, match="have changed"):
        warehouse.do(products_from_lines.make_products, seen=mark)

    assert products(warehouse) == set()


def test_a_failure_makes_nothing(warehouse: Warehouse, shared_engine: Engine) -> None:
    waiting(warehouse, sku="TOWEL")
    mark = seen(warehouse)

    with breaking(shared_engine, "commit", 1), pytest.raises(Broken):
        warehouse.do(products_from_lines.make_products, seen=mark)

    assert products(warehouse) == set()


def test_pressed_by_many_at_once_each_product_is_made_once(warehouse: Warehouse, shared_engine: Engine) -> None:
    for sku in ("TOWEL", "BOWL"):
        waiting(warehouse, sku=sku)
    act = calls(products_from_lines.make_products, store_id=warehouse.store.id, seen=seen(warehouse))

    results = race(shared_engine, [act] * 4)

    made = [result for result in results if not isinstance(result, ConflictError)]
    assert [result["products"] for result in made] == [2]
    assert products(warehouse) == {("TOWEL", None), ("BOWL", None)}
