"""A manager finds a product's twin, sees what would move, merges the two, and undoes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.helpers.cast import Part
from tests.helpers.tablet import Answer, Tablet
from tests.helpers.warehouse import Warehouse
from webapp.models import Product

TabletOf = Callable[[Part], Tablet]


@pytest.fixture
def mug(warehouse: Warehouse) -> Product:
    return warehouse.product("Enamel mug", "MUG", A1=3)


@pytest.fixture
def twin(warehouse: Warehouse) -> Product:
    return warehouse.product("Mug, enamel", "MUG-2", A1=5)


def merge(manager: Tablet, twin: Product, mug: Product) -> Answer:
    preview = manager.get(f"/stock/{twin.id}/merge?with={mug.id}")
    return manager.send(preview.root.one("form", css="card"), htmx=False)


def test_the_twin_is_found_and_the_preview_says_what_moves(
    manager: Tablet, warehouse: Warehouse, twin: Product, mug: Product
) -> None:
    order = warehouse.processing((twin, 2))

    found = manager.get(f"/stock/{twin.id}/merge?search=enamel")
    preview = manager.get(f"/stock/{twin.id}/merge?with={mug.id}")

    assert [row.one("h2").words for row in found.root.all("li", css="candidate")] == ["Enamel mug"]
    for words in ("A1", "5 units, 2 reserved", "8 units there afterwards", order.order_number, "MUG-2"):
        assert words in preview.words


def test_merged_the_page_leads_to_the_one_that_stays_and_changes_nothing(
    manager: Tablet, twin: Product, mug: Product
) -> None:
    merged = merge(manager, twin, mug)

    assert merged.response.headers["Location"] == f"/stock/{mug.id}"
    assert "Merged: 5 units" in manager.get(f"/stock/{mug.id}").words
    page = manager.get(f"/stock/{twin.id}")
    assert "merged this product with MUG" in page.words
    assert page.root.all("a", href=f"/stock/{mug.id}")
    assert "Add units at a new place" not in page.words
    refused = manager.post(f"/stock/{twin.id}/codes", {"code": "ABC-7", "units": "1"}, htmx=False)
    assert refused.status == 409


def test_undone_it_is_as_before_and_too_late_it_says_why(
    manager: Tablet, warehouse: Warehouse, twin: Product, mug: Product
) -> None:
    for happens in (False, True):
        merge(manager, twin, mug)
        if happens:
            warehouse.adjust(mug, 1)
        form = manager.get(f"/stock/{twin.id}").root.one("form", action=f"/stock/{twin.id}/merge/undo")

        undone = manager.send(form, htmx=False)

        if happens:
            assert (undone.status, "paula has changed the units at A1 since." in undone.words) == (409, True)
        else:
            assert undone.status == 303
            assert warehouse.shelves(twin) == {"A1": (5, 0)}


def test_a_refused_merge_says_why_on_the_preview(
    manager: Tablet, warehouse: Warehouse, twin: Product, mug: Product
) -> None:
    order = warehouse.processing((twin, 3))
    warehouse.short_pick(order, 1, "A1")

    refused = merge(manager, twin, mug)

    assert refused.status == 409
    assert "MUG-2 is to be counted at A1. Count it there first." in refused.words
