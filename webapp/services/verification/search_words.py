"""Invariant 5: the search words of orders and products are those of their numbers, names and codes."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from sqlalchemy import ColumnElement, String, Subquery, exists, func, select, type_coerce

from webapp.domain.codes import shown_gtin
from webapp.domain.events import EventKind
from webapp.models import Order, OrderEvent, OrderSearchWord, Product, ProductCode, ProductSearchWord
from webapp.models.base import table_of
from webapp.services.reads.product_search import words_of_code
from webapp.services.reads.word_index import index_words
from webapp.services.verification.event_columns import is_kind
from webapp.services.verification.findings import Check, Finds, Row, Scope, grouped_by, row_grouped


def _words(scope: Scope, reference: Any) -> Subquery:
    """Select the words of each order or product, with blanks between them."""
    return grouped_by(scope, reference, _joined(scope, reference.class_.word, " ").label("words"))


def _joined(scope: Scope, text: Any, mark: str) -> ColumnElement[str]:
    """Join the texts of a group, with a mark between them."""
    join = func.group_concat if scope.dialect == "sqlite" else func.string_agg
    return join(text, mark)


def words_of_orders(scope: Scope) -> Finds:
    """Select the orders with their words, but only those that an import made, which gave them."""
    words = _words(scope, OrderSearchWord.order_id)
    imported = exists().where(
        OrderEvent.store_id == Order.store_id, OrderEvent.order_id == Order.id, is_kind(EventKind.IMPORTED)
    )
    return (
        select(Order.store_id, Order.id, Order.order_number, Order.customer_name, words.c.words)
        .outerjoin(words, row_grouped(Order, words))
        .where(scope.of(Order), imported)
    )


def words_of_products(scope: Scope) -> Finds:
    """Select the products with their words, but none without any: another program made it."""
    words = _words(scope, ProductSearchWord.product_id)
    codes = (
        select(_joined(scope, type_coerce(ProductCode.code, String), "\n"))
        .where(ProductCode.store_id == Product.store_id, ProductCode.product_id == Product.id)
        .scalar_subquery()
    )
    return (
        select(
            *(Product.store_id, Product.id, Product.sku, Product.gtin, Product.name, words.c.words),
            codes.label("codes"),
        )
        .join(words, row_grouped(Product, words))
        .where(scope.of(Product))
    )


def order_without_its_words(row: Row) -> Row | None:
    """Return what to report of an order that cannot be found by its number or its customer, or by another's."""
    return _unlike(row, index_words(*(row[name] or "" for name in ("order_number", "customer_name"))))


def product_without_its_words(row: Row) -> Row | None:
    """Return what to report of a product that cannot be found by its codes or its name, or by another's."""
    codes = [shown_gtin(code) for code in (row["codes"] or "").split("\n")]
    needed = index_words(*(row[name] or "" for name in ("sku", "gtin", "name"))).union(*map(words_of_code, codes))
    return _unlike(row, needed, words_of_code(row["sku"] or ""))


def _unlike(row: Row, expected: Set[str], possible: Set[str] = frozenset()) -> Row | None:
    present = set(str(row["words"] or "").split(" ")) - {""}
    if expected <= present <= expected | possible:
        return None
    return {
        "expected_words": " ".join(sorted(expected - present)) or None,
        "found_words": " ".join(sorted(present - expected - possible)) or None,
    }


CHECKS = (
    Check(
        5,
        "order_has_its_words",
        "An order is not found by the words of its number and its customer, or it is found by others",
        table_of(Order),
        words_of_orders,
        order_without_its_words,
    ),
    Check(
        5,
        "product_has_its_words",
        "A product is not found by the words of its codes and its name, or it is found by others",
        table_of(Product),
        words_of_products,
        product_without_its_words,
    ),
)
