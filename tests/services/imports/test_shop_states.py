"""A draft says which order of the shop it is, and what has become of it there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.services.imports.importing import NATIVE, table
from tests.services.imports.test_shopify import first, line, shopify
from webapp.services.imports.drafts import DraftOrder, ShopState
from webapp.services.imports.formats import ORDER_FORMATS
from webapp.services.imports.order_drafts import draft_order
from webapp.services.imports.reading import Source, spool_orders
from webapp.services.imports.report import LeftOutRow
from webapp.services.imports.spool import Spool

STATES = (
    "external_id",
    "line_id",
    "updated_at",
    "cancelled_at",
    "payment_status",
    "fulfillment_status",
    "line_fulfillment_status",
)


def drafts(folder: Path, content: str, format_name: str) -> list[DraftOrder | list[LeftOutRow]]:
    path = folder / "orders.csv"
    path.write_text(content, encoding="utf-8")
    of_the_format = ORDER_FORMATS[format_name]
    with Spool(of_the_format.columns) as spool:
        dates, _ = spool_orders(Source(path), of_the_format, UTC, spool, lambda what, done, of: None)
        return [draft_order(group, of_the_format, dates) for group in spool.groups()]


def native(**values: str) -> str:
    usual = {"order_number": "1001", "ordered_at": "2026-01-05 10:00", "sku": "A-1", "quantity": "2"}
    return table((*NATIVE, *STATES), [usual | values])


def test_ids_dates_and_statuses_are_those_of_the_shop(tmp_path: Path) -> None:
    content = native(
        external_id="77", line_id="9", updated_at="2026-01-06 08:00", payment_status="paid", fulfillment_status="open"
    )

    [draft] = drafts(tmp_path, content, "native")

    assert isinstance(draft, DraftOrder)
    changed = datetime(2026, 1, 6, 8, tzinfo=UTC)
    assert draft.state == ShopState("77", changed, payment_status="paid", fulfillment_status="open")
    assert [one.line_id for one in draft.lines] == ["9"]


@pytest.mark.parametrize(
    ("column", "value", "closed"),
    [
        ("cancelled_at", "2026-01-06 08:00", "cancelled in the shop"),
        ("cancelled_at", "yes", "cancelled in the shop"),
        ("payment_status", "Refunded", "refunded or voided in the shop"),
        ("fulfillment_status", "fulfilled", "already fulfilled in the shop"),
        ("line_fulfillment_status", "fulfilled", "already fulfilled in the shop"),
    ],
)
def test_an_order_that_the_shop_has_closed_is_a_draft_that_says_why(
    tmp_path: Path, column: str, value: str, closed: str
) -> None:
    [draft] = drafts(tmp_path, native(**{column: value}), "native")

    assert isinstance(draft, DraftOrder)
    assert (draft.lines, draft.state.closed) == ((), closed)
    assert [(one.sku, one.quantity) for one in draft.closed_lines] == [("A-1", 2)]
    assert [one.reason for one in draft.passed_over] == [closed]


@pytest.mark.parametrize(
    ("payment", "fulfillment", "on_hold"),
    [
        ("paid", "unfulfilled", ""),
        ("", "", ""),
        ("pending", "unfulfilled", "not paid in the shop yet"),
        ("Authorized", "", "not paid in the shop yet"),
        ("unpaid", "on_hold", "not paid in the shop yet"),
        ("paid", "on_hold", "on hold in the shop"),
        ("paid", "On hold", "on hold in the shop"),
    ],
)
def test_an_order_that_is_not_to_be_shipped_yet_says_why(
    tmp_path: Path, payment: str, fulfillment: str, on_hold: str
) -> None:
    [draft] = drafts(tmp_path, native(payment_status=payment, fulfillment_status=fulfillment), "native")

    assert isinstance(draft, DraftOrder)
    assert (len(draft.lines), draft.state.on_hold) == (1, on_hold)


def test_a_line_that_the_shop_has_fulfilled_stands_beside_those_to_ship(tmp_path: Path) -> None:
    rows = first("#1", Id="55"), line("#1", Lineitem_sku="B-1", Lineitem_fulfillment_status="fulfilled")

    [draft] = drafts(tmp_path, shopify(*rows), "shopify")

    assert isinstance(draft, DraftOrder)
    assert (draft.state.external_id, draft.state.payment_status) == ("55", "paid")
    assert [one.sku for one in draft.lines] == ["A-1"]
    assert [(one.sku, one.fulfillment_status) for one in draft.closed_lines] == [("B-1", "fulfilled")]


def test_a_closed_order_that_cannot_be_read_is_passed_over_by_its_rows(tmp_path: Path) -> None:
    [left_out] = drafts(tmp_path, native(cancelled_at="2026-01-06", ordered_at="yesterday"), "native")

    assert isinstance(left_out, list)
    assert [one.reason for one in left_out] == ["cancelled in the shop"]
