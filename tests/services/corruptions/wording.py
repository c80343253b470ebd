"""A corruption, and SQL that finds rows of a busy store to damage."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Corruption:
    """Statements (``:store`` is the store, ``:id`` the row that ``target`` selects beforehand) and what they break."""

    name: str
    invariant: int
    rule: str
    table: str
    target: str
    statements: tuple[str, ...]
    engines: tuple[str, ...] = ("sqlite", "postgresql")


def order(number: str) -> str:
    return f"(SELECT id FROM orders WHERE store_id = :store AND order_number = '{number}')"


def item(number: str) -> str:
    return f"(SELECT min(id) FROM order_items WHERE store_id = :store AND order_id = {order(number)})"


def allocation(number: str) -> str:
    return f"(SELECT min(id) FROM allocations WHERE store_id = :store AND order_item_id = {item(number)})"


def entry(kind: str, number: str) -> str:
    return (
        f"(SELECT min(id) FROM inventory_transactions WHERE store_id = :store AND transaction_type = '{kind}' "
        f"AND reverses_id IS NULL AND order_id = {order(number)})"
    )


def event(kind: str, number: str) -> str:
    return (
        f"(SELECT max(id) FROM order_events WHERE store_id = :store AND kind = '{kind}' AND order_id = {order(number)})"
    )


def line(number: str) -> str:
    return f"(SELECT min(id) FROM shipment_lines WHERE store_id = :store AND order_item_id = {item(number)})"


def first(table: str, where: str = "1 = 1") -> str:
    return f"(SELECT min(id) FROM {table} WHERE store_id = :store AND {where})"


REVERSAL = first("inventory_transactions", "reverses_id IS NOT NULL")
SHELF = first("inventory", "location = 'A2'")
MIDDLE = first("inventory_transactions", f"seq = 5 AND inventory_id = {SHELF}")
NEWEST = f"(SELECT max(id) FROM inventory_transactions WHERE store_id = :store AND inventory_id = {SHELF})"


def of_ledger(name: str, rule: str, target: str, *changes: str, invariant: int = 1) -> Corruption:
    """Change columns of one ledger row, which must be named."""
    return changed(name, invariant, rule, "inventory_transactions", target, *changes)


def of_stock(name: str, invariant: int, rule: str, *changes: str) -> Corruption:
    return changed(name, invariant, rule, "inventory", SHELF, *changes)


def of_item(name: str, invariant: int, rule: str, number: str, *changes: str) -> Corruption:
    return changed(name, invariant, rule, "order_items", item(number), *changes)


def of_status(number: str, status: str) -> Corruption:
    name = f"{number.lower()} order set to {status}"
    return changed(name, 4, "status_agrees", "orders", order(number), f"status = '{status}'")


def nameless(table: str, column: str, where: str = "1 = 1", blank: str = "") -> Corruption:
    name = f"{table}.{column} {'blank' if blank else 'empty'}"
    return changed(name, 5, f"{column}_named", table, first(table, where), f"{column} = '{blank}'")


def changed(name: str, invariant: int, rule: str, table: str, target: str, *changes: str) -> Corruption:
    statement = f"UPDATE {table} SET {', '.join(changes)} WHERE store_id = :store AND id = :id"
    return Corruption(name, invariant, rule, table, f"SELECT {target}", (statement,))


def of_key(name: str, rule: str, key: str, *statements: str) -> Corruption:
    return Corruption(name, 5, rule, "idempotency_keys", f"SELECT '{key}'", statements)


def operation(key: str) -> str:
    return f"(SELECT operation_id FROM idempotency_keys WHERE store_id = :store AND key = '{key}')"
