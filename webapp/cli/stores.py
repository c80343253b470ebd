"""``flask stores``: the shops."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from webapp.cli.changes import change
from webapp.services.people import membership_service

stores = AppGroup("stores", help="The shops that work here, each with rows of its own.")


@stores.command("create")
@click.argument("code")
@click.argument("name")
@click.option("--time-zone", default="UTC", show_default=True, help="Where its people are, such as Europe/Luxembourg.")
def create(code: str, name: str, time_zone: str) -> None:
    """Add the store NAME, which commands and tokens call CODE."""
    added = change(lambda db: membership_service.create_store(db, code, name, time_zone))
    click.echo(f"Store {code} “{name}” {'created' if added else 'is there already'}.")
