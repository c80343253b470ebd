"""``flask users``: the people who sign in."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from webapp.auth import accounts
from webapp.auth.passwords import hash_password
from webapp.cli.changes import change
from webapp.cli.console import Refused, echo
from webapp.cli.lookup import require_store
from webapp.domain.roles import Role
from webapp.extensions import db
from webapp.services.people import membership_service

users = AppGroup("users", help="The people who sign in.")

_store = click.option("--store", "code", metavar="CODE", required=True, help="The store the person works in.")
_role = click.option(
    "--role", type=click.Choice([role.value for role in Role]), required=True, help="What they may do."
)
_password = click.option(
    "--password-stdin", "from_stdin", is_flag=True, help="Read the password from the first line of standard input."
)
MIN_COMFORT = 8
"""Shorter passwords are accepted with a warning: a test store may want them, a real one should not."""


@users.command("create")
@click.argument("username")
@_store
@_role
@_password
def create(username: str, code: str, role: str, from_stdin: bool) -> None:
    """Add USERNAME to a store.

    Somebody who signs in already, in another store, joins this one when the password given is theirs.
    """
    require_store(code)
    password = _read_password(from_stdin)
    password_hash = hash_password(password)  # Slow on purpose, so before the unit of work.
    person_id = accounts.authenticate(db.session(), username, password)
    if person_id is not None:
        joined = change(lambda db: membership_service.add_to_store(db, code, username, Role(role)))
        echo(f"{username} {'now works' if joined else 'works'} in {code} as {role}.")
        return
    change(lambda db: membership_service.create_user(db, code, username, password_hash, Role(role)))
    echo(f"{username} created in {code} as {role}.")


@users.command("password")
@click.argument("username")
@_password
def password(username: str, from_stdin: bool) -> None:
    """Replace the password of USERNAME. Everywhere they are signed in, they are signed out."""
    password_hash = hash_password(_read_password(from_stdin))
    change(lambda db: membership_service.set_password(db, username, password_hash))
    echo(f"{username} has a new password, and was signed out everywhere.")


@users.command("remove")
@click.argument("username")
@_store
def remove(username: str, code: str) -> None:
    """Take USERNAME out of a store. What they did stays in the audit trail under their name."""
    change(lambda db: membership_service.remove_from_store(db, code, username))
    echo(f"{username} no longer works in {code}.")


def _read_password(from_stdin: bool) -> str:
    """Return the password from standard input, or ask twice for it; an unusable password ends the command."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if not password.strip() or len(password) > 1024:
        raise Refused("A password is needed, of at most 1024 characters.")
    if len(password) < MIN_COMFORT:
        echo(f"Warning: a password of fewer than {MIN_COMFORT} characters is easily guessed.", err=True)
    return str(password)
