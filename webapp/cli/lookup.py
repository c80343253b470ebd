"""Looks up what a command names; if it is missing, a sentence ends the command."""

from __future__ import annotations

from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from webapp.cli.console import Refused
from webapp.domain.names import PROGRAMS
from webapp.extensions import db
from webapp.models import Store
from webapp.services.people import membership_service
from webapp.services.people.store_lookup import store_codes, store_with_code


def require_tables() -> None:
    """End the command if the database cannot be reached or has no tables yet."""
    try:
        migrated = inspect(db.engine).has_table(Store.__tablename__)
    except DBAPIError as error:
        raise Refused(f"The database cannot be used: {error.orig}") from error
    if not migrated:
        raise Refused("The database has no tables yet. Make them first: flask --app wsgi db upgrade")


def require_store(code: str) -> Store:
    """Return the store with this code; end the command if there is none, or no database."""
    require_tables()
    store = store_with_code(db.session(), code)
    if store is None:
        codes = ", ".join(store_codes(db.session()))
        raise Refused(f"There is no store with the code “{code}”. Stores: {codes or 'none yet'}.")
    return store


def require_actor(store: Store, actor: str, default: str) -> str:
    """Return who acts: a person of the store, or a name of the program; end the command for any other name."""
    name = actor.strip() or default
    if name not in PROGRAMS and not membership_service.works_in(db.session(), store.id, name):
        raise Refused(
            f"Nobody in store {store.code} is called “{name[:64]}”. --actor takes a person of the store, or one of: "
            f"{', '.join(sorted(PROGRAMS))}."
        )
    return name
