"""The yardstick: a bare Flask app that does only the necessary, with raw SQL on Packbench's own tables.

A ship locks the item, updates item, stock and order, inserts one ledger row, commits, and renders the smallest panel.
There are also a list of 50, an order of 5 lines and its trail. No sign-in, CSRF, forms, idempotency key, allocations,
parcels, history or status rules: it is a speed to compare with, not a usable program.

Templates are compiled once, as Flask does with files. With ``YARDSTICK_COMPILES=always`` they are compiled on each
request, as ``flask.render_template_string`` would do in a one-file program.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from functools import cache
from typing import Any

import psycopg
from flask import Flask, render_template_string, request
from jinja2 import Template

URL = os.environ["DATABASE_URL"]
LITE = URL.startswith("sqlite")
_local = threading.local()

app = Flask(__name__)

PANEL = """<section id="shipment-status"><p>{{ shipped }} of {{ ordered }} units shipped</p></section>"""
LIST = """<table>{% for o in orders %}<tr><td><a href="/orders/{{ o[0] }}">{{ o[1] }}</a></td><td>{{ o[2] }}</td>
<td>{{ o[3] }}</td><td>{{ o[4] }}</td><td>{{ o[6] }} of {{ o[5] }}</td></tr>{% endfor %}</table>"""
ORDER = """<h1>{{ order[1] }}</h1><p>{{ order[2] }} {{ order[3] }}</p><table>{% for i in items %}<tr><td>{{ i[1] }}</td>
<td>{{ i[2] }}</td><td>{{ i[3] }}</td><td>{{ i[4] }}</td><td>{{ i[5] }}</td></tr>{% endfor %}</table>"""
TRAIL = """<ol>{% for t in rows %}<li>{{ t[0] }} {{ t[1] }} {{ t[2] }} {{ t[3] }} {{ t[4] }} {{ t[5] }} {{ t[6] }}
</li>{% endfor %}</ol>"""


def connection() -> Any:
    """Return this thread's connection, as durable as Packbench's."""
    if not hasattr(_local, "connection"):
        if LITE:
            _local.connection = sqlite3.connect(URL.removeprefix("sqlite:///"), timeout=30, isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                _local.connection.execute(f"PRAGMA {pragma}")
        else:
            _local.connection = psycopg.connect(URL.replace("+psycopg", ""), autocommit=True)
    return _local.connection


def run(statement: str, *parameters: Any) -> Any:
    """Execute a statement with PostgreSQL's placeholders."""
    if LITE:
        statement = statement.replace("%s", "?").replace(" FOR UPDATE", "")
    return connection().execute(statement, parameters)


@cache
def compiled(source: str) -> Template:
    """Return a template, compiled once."""
    return app.jinja_env.from_string(source)


def render(source: str, **values: Any) -> str:
    """Render a template."""
    if os.environ.get("YARDSTICK_COMPILES") == "always":
        return render_template_string(source, **values)
    return compiled(source).render(values)


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.post("/orders/<int:order_id>/items/<int:item_id>/shipments")
def ship(order_id: int, item_id: int) -> str:
    units = int(request.form["quantity"])
    run("BEGIN IMMEDIATE" if LITE else "BEGIN")
    item = run(
        "SELECT quantity, shipped_quantity, product_id FROM order_items WHERE store_id = 1 AND id = %s FOR UPDATE",
        item_id,
    ).fetchone()
    if item[1] + units > item[0]:
        run("ROLLBACK")
        return "too many"
    run(
        "UPDATE order_items SET shipped_quantity = shipped_quantity + %s WHERE store_id = 1 AND id = %s", units, item_id
    )
    place = run(
        "UPDATE inventory SET quantity = quantity - %s, reserved_quantity = reserved_quantity - %s, "
        "last_seq = last_seq + 1 WHERE store_id = 1 AND product_id = %s "
        "RETURNING id, last_seq, quantity, reserved_quantity, location, warehouse",
        units, units, item[2],
    ).fetchone()  # fmt: skip
    order = run(
        "UPDATE orders SET status = 'partially_shipped', version = version + 1 WHERE store_id = 1 AND id = %s "
        "RETURNING order_number",
        order_id,
    ).fetchone()
    run(
        "INSERT INTO inventory_transactions (store_id, product_id, inventory_id, seq, transaction_type, "
        "quantity_change, reserved_change, quantity_after, reserved_after, location, warehouse, order_id, "
        "order_item_id, order_number, operation_id, created_by) "
        "VALUES (1, %s, %s, %s, 'fulfill', %s, %s, %s, %s, %s, %s, %s, %s, %s, 'yardstick', 'yardstick')",
        item[2], *place[:2], -units, -units, *place[2:], order_id, item_id, order[0],
    )  # fmt: skip
    run("COMMIT")
    return render(PANEL, shipped=item[1] + units, ordered=item[0])


@app.get("/orders")
def orders() -> str:
    rows = run(
        "SELECT o.id, o.order_number, o.customer_name, o.ship_by, o.status, sum(i.quantity), sum(i.shipped_quantity) "
        "FROM (SELECT * FROM orders WHERE store_id = 1 AND status IN ('pending', 'processing', 'partially_shipped') "
        "ORDER BY store_id, ship_by, id LIMIT 50) o JOIN order_items i ON i.store_id = 1 AND i.order_id = o.id "
        "GROUP BY o.id, o.order_number, o.customer_name, o.ship_by, o.status ORDER BY o.ship_by, o.id"
    ).fetchall()
    return render(LIST, orders=rows)


@app.get("/orders/<int:order_id>")
def order_page(order_id: int) -> str:
    order = run("SELECT id, order_number, customer_name, status FROM orders WHERE store_id = 1 AND id = %s", order_id)
    items = run(
        "SELECT id, product_name, sku, quantity, shipped_quantity, cancelled_quantity FROM order_items "
        "WHERE store_id = 1 AND order_id = %s ORDER BY position",
        order_id,
    )
    return render(ORDER, order=order.fetchone(), items=items.fetchall())


@app.get("/orders/<int:order_id>/audit")
def trail(order_id: int) -> str:
    rows = run(
        "SELECT created_at, created_by, transaction_type, quantity_change, reserved_change, quantity_after, "
        "reserved_after FROM inventory_transactions WHERE store_id = 1 AND order_id = %s ORDER BY created_at, id",
        order_id,
    )
    return render(TRAIL, rows=rows.fetchall())
