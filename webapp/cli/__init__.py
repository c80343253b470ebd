"""Commands of the house: ``flask --app wsgi …``, registered here."""

from __future__ import annotations

from flask import Flask

from webapp.cli import imports, orders, stock, stores, tokens, users


def register(app: Flask) -> None:
    """Attach the commands."""
    for commands in (imports.imports, orders.orders, stock.stock, stores.stores, tokens.tokens, users.users):
        app.cli.add_command(commands)
