"""Every row of any file has exactly one outcome, and only whole orders are imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_store
from tests.services.imports.importing import NATIVE, RETAIL, STOCK, Importer, table
from webapp.models import Inventory, Order, OrderItem

CELLS = st.one_of(
    st.sampled_from(
        ["", "0", "1", "2", "17", "-1", "6.0", "1001", "1002", "C1003", "A-1", "POST", "0400", "main", "?"]
    ),
    st.sampled_from(["2026-01-05 10:00", "1/4/2011 10:00", "13/4/2011", "Anna", '"', "a\nb", "é", "=1", " x "]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
)
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rows_of(header: tuple[str, ...], **columns: st.SearchStrategy[str]) -> st.SearchStrategy[list[dict[str, str]]]:
    """Rows with any cells; ``columns`` that are mostly plausible."""
    row = st.fixed_dictionaries({name: columns.get(name, CELLS) for name in header})
    return st.lists(row, min_size=1, max_size=12)


MOSTLY_GOOD = {
    "quantity": st.sampled_from(["1", "2", "3", "0", "x"]),
    "ordered_at": st.sampled_from(["2026-01-05 10:00", "2026-01-06", ""]),
    "order_number": st.sampled_from(["1", "2", "3", "4", ""]),
    "customer_name": st.sampled_from(["", "Anna"]),
    "channel": st.just(""),
    "ship_by": st.just(""),
}
RETAIL_NUMBERS = {
    "InvoiceNo": st.sampled_from(["1", "2", "C1", "A1", ""]),
    "Quantity": st.sampled_from(["1", "5", "-1", "0", "6.0"]),
    "InvoiceDate": st.sampled_from(["2011-01-04 10:00", "1/4/2011 10:00", "14/4/2011 9:00", "?"]),
}


@given(rows=st.one_of(rows_of(NATIVE), rows_of(NATIVE, **MOSTLY_GOOD)))
@QUICK
def test_every_row_of_native_orders_is_accounted_for(
    new_session: Callable[[], Session], tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    check_orders(new_session(), tmp_path, table(NATIVE, rows), "native")


@given(rows=st.one_of(rows_of(RETAIL), rows_of(RETAIL, **RETAIL_NUMBERS)))
@QUICK
def test_every_row_of_the_online_shop_is_accounted_for(
    new_session: Callable[[], Session], tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    check_orders(new_session(), tmp_path, table(RETAIL, rows), "online-retail")


@given(rows=rows_of(STOCK, quantity=st.sampled_from(["1", "2", "0", "x", ""]), sku=st.sampled_from(["A", "B", ""])))
@QUICK
def test_every_row_of_stock_is_accounted_for(
    new_session: Callable[[], Session], tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    db = new_session()
    importer = Importer(db, make_store(db), tmp_path)
    content = table(STOCK, rows)

    imported, again = importer.stock(content), importer.stock(content)

    units = db.scalars(select(Inventory.quantity).where(Inventory.store_id == importer.store_id)).all()
    assert imported.tally.read == again.tally.read == len(rows)
    assert sum(units) == imported.result.units
    assert again.tally.imported == again.result.units == 0


def check_orders(db: Session, folder: Path, content: str, format_name: str) -> None:
    """Import twice; the database must contain the accounted orders, each with all its rows."""
    importer = Importer(db, make_store(db), folder)

    imported, again = importer.orders(content, format_name), importer.orders(content, format_name)

    numbers = db.scalars(select(Order.order_number).where(Order.store_id == importer.store_id)).all()
    items = db.scalars(select(OrderItem.id).where(OrderItem.store_id == importer.store_id)).all()
    rejected = Counter(line["order_number"] for line in imported.report if line["outcome"] == "rejected")
    assert imported.result.new_orders == len(numbers) == again.result.known_orders
    assert imported.tally.imported == len(items)
    assert not set(numbers) & set(rejected)
    assert again.tally.imported == 0
    assert again.tally.read == imported.tally.read
    assert again.tally.rejected == imported.tally.rejected
