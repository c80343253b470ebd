"""``flask tokens``: keys of programs that use the JSON API."""

from __future__ import annotations

from collections.abc import Iterator

import click
from flask.cli import AppGroup

from webapp.auth.security_log import SecurityEvent, record
from webapp.auth.tokens import new_token
from webapp.cli.changes import change
from webapp.cli.console import Refused, echo, echo_table, minute_words
from webapp.cli.lookup import require_store, require_tables
from webapp.domain.clock import utc_now
from webapp.domain.errors import InvalidInput
from webapp.domain.roles import Role
from webapp.domain.terms import read_term
from webapp.extensions import db
from webapp.services.people import token_service
from webapp.services.people.token_service import KeptToken

tokens = AppGroup("tokens", help="Keys of programs that use the JSON API.")

_store = click.option("--store", "code", metavar="CODE", required=True, help="The one store the token opens.")


@tokens.command("create")
@_store
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="What it may do there.")
@click.option("--name", help="What the trail calls the program: token:NAME. Without it api, or api-2, api-3 …")
@click.option(
    "--expires", "term", default="365", show_default=True, help="When it ends: in so many days, or after a day's end."
)
def create(code: str, role: str, name: str | None, term: str) -> None:
    """Make a token and print it, alone, on the last line. It is shown this once and cannot be read back."""
    store = require_store(code)
    try:
        end = read_term(term, utc_now(), store.time_zone)
    except InvalidInput as refusal:
        raise Refused(refusal.message) from refusal
    store_id, (plain, token_hash) = store.id, new_token(store.id)
    name = change(lambda db: token_service.add_token(db, store_id, name, Role(role), token_hash, end))
    record(SecurityEvent.TOKEN, "made", f"token:{name}", store=code, role=role)
    echo(
        f"Token “{name}” for store {code}, as {role}, until {minute_words(end)}. Keep it safe: it is shown only now.",
        err=True,
    )
    echo(plain)


@tokens.command("list")
@click.option("--store", "code", metavar="CODE", help="Only this store's.")
def list_(code: str | None) -> None:
    """List the tokens, those that ended too: what a trail calls token:NAME stays known."""
    require_tables()
    kept = token_service.list_tokens(db.session(), require_store(code).id if code else None)
    echo_table(("STORE", "NAME", "ROLE", "CREATED", "LAST USED", "ENDS", "STATE"), map(_row, kept))


@tokens.command("revoke")
@click.argument("name")
@_store
def revoke(name: str, code: str) -> None:
    """End the token NAME at once. What it did stays in the trail under its name."""
    store_id = require_store(code).id
    is_new = change(lambda db: token_service.revoke_token(db, store_id, name))
    if is_new:
        record(SecurityEvent.TOKEN, "revoked", f"token:{name}", store=code)
    echo(f"Token “{name}” of store {code} {'is' if is_new else 'was already'} revoked.")


def _row(token: KeptToken) -> Iterator[str]:
    yield from (token.store_code, token.name, token.role.value, minute_words(token.created_at))
    yield minute_words(token.used_at) if token.used_at else "never"
    yield minute_words(token.expires_at)
    yield "revoked" if token.revoked_at else "over" if token.expires_at <= utc_now() else "valid"
