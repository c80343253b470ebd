"""``flask demo``: a store to look at, with people, goods and a week of orders."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from webapp.auth import accounts
from webapp.auth.passwords import hash_password
from webapp.cli.changes import change, run
from webapp.cli.console import Refused, echo
from webapp.cli.lookup import require_store, require_tables
from webapp.cli.pictures import bring_pictures
from webapp.cli.progress import Progress
from webapp.database.unit_of_work import Once, fingerprint
from webapp.demo.loading import PICTURES, has_begun, has_goods_or_orders, is_loaded, load
from webapp.demo.people import PEOPLE, DemoPerson
from webapp.domain.errors import NameTaken
from webapp.extensions import db
from webapp.models import Store
from webapp.services.people import membership_service

T = TypeVar("T")

CODE, NAME, TIME_ZONE = "DEMO", "Hearth & Kettle", "Europe/Luxembourg"


@click.command("demo")
@click.option("--in-production", is_flag=True, help="Make it although the passwords are public.")
@click.option("--into", "code", metavar="CODE", help="Only goods and orders, without people, into this store.")
@with_appcontext
def demo(in_production: bool, code: str | None) -> None:
    """Make a demo store, once, and print who signs in to it.

    It has goods with pictures at their places, people, and orders in every status with the history that led there.
    Done again, it changes nothing.
    """
    if code:
        _load_into(require_store(code))
        return
    if os.environ.get("PACKBENCH_ENV") == "production" and not in_production:
        raise Refused("The demo's passwords are public. To make it in production say --in-production.")
    require_tables()
    change(lambda session: membership_service.create_store(session, CODE, NAME, TIME_ZONE))
    passwords = {person.username: _employ(person) for person in PEOPLE}
    store = require_store(CODE)
    is_new = _load(store)
    echo(f"The demo store “{NAME}” (code {CODE}) is {'made' if is_new else 'there already'}.")
    echo("Sign in as:")
    echo(f"  {'role':<12}{'username':<12}password")
    for person in PEOPLE:
        echo(f"  {person.role:<12}{person.username:<12}{passwords[person.username]}")


def _load_into(store: Store) -> None:
    """Load the goods and orders into a store that has none of its own, or go on where that was interrupted."""
    if not has_begun(db.session(), store.id) and has_goods_or_orders(db.session(), store.id):
        raise Refused(f"Store {store.code} has goods or orders of its own. Sample data goes into an empty store.")
    echo(f"The sample data {'is now' if _load(store) else 'was already'} in store {store.code}.")


def _load(store: Store) -> bool:
    """Load goods, orders and pictures; return False if they are all there."""
    is_new = not is_loaded(db.session(), store.id)
    if is_new:
        progress = Progress()
        load(db.session(), store, partial(_run_once, store.id), progress)
        progress.clear()
    bring_pictures(store.id, PICTURES)
    return is_new


def _run_once(store_id: int, key: str, actor: str, work: Callable[[Session], T]) -> tuple[T, bool]:
    outcome = run(work, Once(store_id, key, actor, fingerprint(key)))
    return outcome.result, outcome.replayed


def _employ(person: DemoPerson) -> str:
    """Add the person to the store; return the password to print."""
    person_id = accounts.authenticate(db.session(), person.username, person.password)
    if person_id:
        if CODE not in {workplace.code for workplace in person_id.workplaces}:
            change(lambda session: membership_service.add_to_store(session, CODE, person.username, person.role))
        return person.password
    password_hash = hash_password(person.password)  # Slow on purpose, so before the unit of work.
    try:
        run(lambda session: membership_service.create_user(session, CODE, person.username, password_hash, person.role))
    except NameTaken:
        return "(has another password by now)"
    return person.password
