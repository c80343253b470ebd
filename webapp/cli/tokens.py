"""``flask tokens``: keys of programs that use the JSON API."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from webapp.auth.tokens import new_token
from webapp.cli.changes import change
from webapp.cli.console import echo
from webapp.cli.lookup import require_store
from webapp.domain.roles import Role
from webapp.services.people import membership_service

tokens = AppGroup("tokens", help="Keys of programs that use the JSON API.")


@tokens.command("create")
@click.option("--store", "code", metavar="CODE", required=True, help="The one store the token opens.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="What it may do there.")
@click.option("--name", default="api", show_default=True, help="What the trail calls the program: token:NAME.")
def create(code: str, role: str, name: str) -> None:
    """Make a token and print it, alone, on the last line. It is shown this once and cannot be read back."""
    store_id = require_store(code).id
    plain, token_hash = new_token(store_id)
    change(lambda db: membership_service.add_token(db, store_id, name, Role(role), token_hash))
    echo(f"Token “{name}” for store {code}, as {role}. Keep it safe: it is shown only now.", err=True)
    echo(plain)
