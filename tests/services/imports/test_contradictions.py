"""An order that its file contradicts itself about is rejected whole, in words that say what was read."""

from __future__ import annotations

import pytest

from tests.services.imports.importing import CASES, Importer, native, table
from tests.services.imports.test_shop_states import STATES
from tests.services.imports.test_shopify import COLUMNS, first, line
from webapp.services.imports.contradictions import ALIKE, HEAD_TWICE, LINE_TWICE, NOT_ITS_SUBTOTAL
from webapp.services.imports.dates import UNREADABLE
from webapp.services.imports.order_drafts import ANOTHER_ROW
from webapp.services.imports.quantity_cells import NOT_WHOLE


def shopify(*rows: dict[str, object]) -> str:
    return table([*COLUMNS.split(","), "Lineitem discount"], rows)


def head(subtotal: object = "13.00", **values: object) -> dict[str, object]:
    """The first row of an order of 13.00: two at 5.00, and one at 3.00 in the other row."""
    return first("#1", **({"Subtotal": subtotal, "Lineitem_price": "5.00", "Lineitem_quantity": 2} | values))


def rest(**values: object) -> dict[str, object]:
    return line("#1", **({"Lineitem_sku": "B-1", "Lineitem_price": "3.00"} | values))


def test_an_order_that_was_refunded_in_part_is_rejected(importer: Importer) -> None:
    imported = importer.orders(CASES / "02-shopify-partially-refunded.csv", "shopify")

    assert imported.numbers == (2, 0, 0, 2)
    assert imported.reasons[2][1].startswith("refunded in part in the shop, and the file does not say which units")
    assert imported.report[0]["value"] == "partially_refunded"


def test_an_order_without_all_its_lines_is_rejected_with_both_sums(importer: Importer) -> None:
    imported = importer.orders(CASES / "03-shopify-line-removed-by-edit.csv", "shopify")

    assert imported.numbers == (2, 0, 0, 2)
    assert imported.reasons == {2: ("rejected", NOT_ITS_SUBTOTAL), 3: ("rejected", ANOTHER_ROW)}
    assert imported.report[0]["value"] == "lines 8.00, subtotal 5.00"


def test_pages_that_overlap_double_no_order(importer: Importer) -> None:
    imported = importer.orders(CASES / "29-overlapping-pages" / "page1-and-page2-pasted-together.csv", "shopify")

    assert imported.numbers == (5, 1, 0, 4)
    assert imported.reasons[5] == ("rejected", HEAD_TWICE)
    assert [one["value"] for one in imported.report if one["row"] == "5"] == ["rows 2 and 5"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ((head(), rest()), ""),
        ((head("11.70", Discount_Amount="1.30"), rest()), ""),
        ((head("13.00", Discount_Amount="4.90"), rest()), ""),
        ((head("12.00", Lineitem_discount="1.00"), rest()), ""),
        ((head("12.99"), rest()), ""),
        ((head("11.00", Discount_Amount="1.30"), rest()), NOT_ITS_SUBTOTAL),
        ((head("16.00"), rest()), NOT_ITS_SUBTOTAL),
        ((head("10.00"), rest(Lineitem_fulfillment_status="fulfilled")), NOT_ITS_SUBTOTAL),
        ((head(), rest(), rest()), NOT_ITS_SUBTOTAL),
        ((head(""), rest()), ""),
        ((head("5.00"), rest(Lineitem_price="")), ""),
        ((head("five"), rest()), ""),
        ((head(), {**rest(), "Financial Status": "paid", "Subtotal": "13.00"}), ""),
        (
            (head(), {**rest(), "Financial Status": "pending"}),
            "the payment status differs from that of the order's first row",
        ),
        ((head("5.00", Lineitem_quantity=1),) * 2, HEAD_TWICE),
        ((head(""),) * 2, HEAD_TWICE),
    ],
)
def test_lines_and_head_must_fit_each_other(
    importer: Importer, rows: tuple[dict[str, object], ...], reason: str
) -> None:
    imported = importer.orders(shopify(*rows), "shopify")

    assert {why for outcome, why in imported.reasons.values() if outcome == "rejected"} <= {reason, ANOTHER_ROW}
    assert imported.tally.rejected == (len(rows) if reason else 0)


def test_one_order_with_two_states_is_not_skipped_for_the_first(importer: Importer) -> None:
    imported = importer.orders(shopify(head(Financial_Status="refunded"), head(Financial_Status="paid")), "shopify")

    assert imported.numbers == (2, 0, 0, 2)
    assert imported.report[1]["value"] == "paid; before: refunded"


def test_alike_rows_of_our_own_format_come_in_and_are_told(importer: Importer) -> None:
    imported = importer.orders(native({}, {}, {"quantity": 2}))

    assert imported.numbers == (3, 3, 0, 0)
    assert imported.reasons == {3: ("imported", ALIKE)}
    assert imported.report[0]["value"] == "as row 2"


def test_one_line_of_the_shop_counts_once(importer: Importer) -> None:
    rows = [
        {"order_number": "1", "ordered_at": "2026-01-05", "sku": sku, "quantity": 1, "line_id": "9"} for sku in "AB"
    ]

    imported = importer.orders(table(("order_number", "ordered_at", "sku", "quantity", *STATES), rows))

    assert imported.numbers == (2, 0, 0, 2)
    assert imported.reasons[3] == ("rejected", LINE_TWICE)


def test_a_row_without_a_number_is_rejected_alone(importer: Importer) -> None:
    imported = importer.orders(native({"order_number": ""}, {"order_number": "2"}))

    assert imported.reasons == {2: ("rejected", "the order number is blank")}


def test_dates_that_cannot_be_known_are_rejected_with_one_that_can(importer: Importer) -> None:
    imported = importer.orders(CASES / "14-dates.csv")

    unreadable = {row for row, (_, reason) in imported.reasons.items() if reason == f"order date: {UNREADABLE}"}
    assert unreadable == {2, 3, 4, 6, 7, 8, 11, 14}
    assert imported.numbers == (13, 5, 0, 8)


def test_quantities_with_a_point_or_a_comma_are_rejected_with_the_right_form(importer: Importer) -> None:
    imported = importer.orders(CASES / "15-quantities.csv")

    assert [row for row, (_, reason) in imported.reasons.items() if reason == NOT_WHOLE] == [2, 3, 4, 5, 16]
    assert imported.numbers == (15, 2, 0, 13)
