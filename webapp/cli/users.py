"""``flask users``: the people who sign in."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

import click
from flask.cli import AppGroup

from webapp.auth import accounts
from webapp.auth.password_rules import LEAST, check_new_password, least_characters
from webapp.auth.passwords import hash_password
from webapp.auth.security_log import SecurityEvent, record
from webapp.cli.changes import change, run
from webapp.cli.console import Refused, echo, echo_table, minute_words
from webapp.cli.lookup import require_store, require_tables
from webapp.domain.errors import InvalidInput, NameTaken, PackbenchError
from webapp.domain.names import same_name
from webapp.domain.roles import Role
from webapp.extensions import db
from webapp.services.people import membership_service
from webapp.services.people.membership_service import Member

users = AppGroup("users", help="The people who sign in.")

_store = click.option("--store", "code", metavar="CODE", required=True, help="The store the person works in.")
_role = click.option(
    "--role", type=click.Choice([role.value for role in Role]), required=True, help="What they may do."
)
_password = click.option(
    "--password-stdin", "from_stdin", is_flag=True, help="Read the password from the first line of standard input."
)


@users.command("create")
@click.argument("username")
@_store
@_role
@_password
def create(username: str, code: str, role: str, from_stdin: bool) -> None:
    """Add USERNAME to a store.

    Somebody who signs in already, in another store, joins this one when the password given is theirs.
    """
    store, username = require_store(code), same_name(username)
    password = _read_password(from_stdin)
    _check(password, [Role(role)], [username, store.code, store.name])
    password_hash = hash_password(password)  # Slow on purpose, so before the unit of work.
    person_id = accounts.authenticate(db.session(), username, password)
    if person_id is not None:
        joined = change(lambda db: membership_service.add_to_store(db, code, username, Role(role)))
        if joined:
            record(SecurityEvent.ACCOUNT, "joined", username, store=code, role=role)
        echo(f"{username} {'now works' if joined else 'works'} in {code} as {role}.")
        return
    try:
        run(lambda db: membership_service.create_user(db, code, username, password_hash, Role(role)))
    except NameTaken as taken:
        advice = "To add the same person to one more store, give the password they have."
        raise Refused(f"{taken.message} {advice}") from taken
    except PackbenchError as refusal:
        raise Refused(refusal.message) from refusal
    record(SecurityEvent.ACCOUNT, "made", username, store=code, role=role)
    echo(f"{username} created in {code} as {role}.")


@users.command("password")
@click.argument("username")
@_password
def password(username: str, from_stdin: bool) -> None:
    """Replace the password of USERNAME. Everywhere they are signed in, they are signed out."""
    require_tables()
    new = _read_password(from_stdin)
    person = accounts.find_person(db.session(), username)
    workplaces = accounts.workplaces_of(db.session(), person.id) if person else ()
    words = [word for workplace in workplaces for word in (workplace.code, workplace.name)]
    _check(new, [workplace.role for workplace in workplaces], [username, *words])
    password_hash = hash_password(new)
    change(lambda db: membership_service.set_password(db, username, password_hash))
    record(SecurityEvent.PASSWORD, "set", username)
    echo(f"{username} has a new password, and was signed out everywhere.")


@users.command("remove")
@click.argument("username")
@_store
def remove(username: str, code: str) -> None:
    """Take USERNAME out of a store. What they did stays in the audit trail under their name."""
    change(lambda db: membership_service.remove_from_store(db, code, username))
    record(SecurityEvent.ACCOUNT, "left", username, store=code)
    echo(f"{username} no longer works in {code}.")


@users.command("list")
@click.option("--store", "code", metavar="CODE", help="Only this store's.")
def list_(code: str | None) -> None:
    """List the people, their stores and roles."""
    require_tables()
    people = membership_service.list_people(db.session(), require_store(code).id if code else None)
    echo_table(("NAME", "STORE", "ROLE", "STATE", "CREATED", "LAST SIGN-IN"), map(_row, people))


@users.command("role")
@click.argument("username")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@_store
def change_role(username: str, role: str, code: str) -> None:
    """Give USERNAME another ROLE in a store, and sign them out there."""
    changed = change(lambda db: membership_service.change_role(db, code, username, Role(role)))
    if changed:
        record(SecurityEvent.ACCOUNT, "role", username, store=code, role=role)
    echo(f"{username} is {role} in {code} {'and was signed out' if changed else 'already'}.")
    if changed and least_characters([Role(role)]) > LEAST:
        echo(
            f"If their password has fewer than {least_characters([Role(role)])} characters, give them a new one: flask "
            f"users password {username}",
            err=True,
        )


@users.command("disable")
@click.argument("username")
def disable(username: str) -> None:
    """Close the account of USERNAME, in every store. They are signed out everywhere, and nobody signs in with it."""
    is_new = change(lambda db: membership_service.disable(db, username))
    if is_new:
        record(SecurityEvent.ACCOUNT, "closed", username)
    echo(f"The account of {username} {'is' if is_new else 'was already'} closed.")


@users.command("enable")
@click.argument("username")
def enable(username: str) -> None:
    """Open the account of USERNAME again, with the same password, stores and roles."""
    is_new = change(lambda db: membership_service.enable(db, username))
    if is_new:
        record(SecurityEvent.ACCOUNT, "opened", username)
    echo(f"The account of {username} {'is' if is_new else 'was already'} open.")


@users.command("sign-out")
@click.argument("username")
def sign_out(username: str) -> None:
    """Sign USERNAME out everywhere. They can sign in again with their password."""
    change(lambda db: membership_service.sign_out(db, username))
    record(SecurityEvent.SESSION, "all_ended", username)
    echo(f"{username} was signed out everywhere.")


def _row(person: Member) -> Iterator[str]:
    yield from (person.username, person.store_code or "none", person.role or "none")
    yield "open" if person.is_active else "closed"
    yield minute_words(person.created_at)
    yield minute_words(person.last_sign_in_at) if person.last_sign_in_at else "never"


def _read_password(from_stdin: bool) -> str:
    """Return the password from standard input, or ask twice for it."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _check(password: str, roles: Iterable[Role], words: Iterable[str]) -> None:
    """End the command if a person with these roles may not have the password."""
    try:
        check_new_password(password, roles, words)
    except InvalidInput as refusal:
        raise Refused(refusal.message) from refusal
