"""Looks up what a command names; if it is missing, a sentence ends the command."""

from __future__ import annotations

from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from webapp.cli.console import Refused
from webapp.extensions import db
from webapp.models import Store
from webapp.services.people.store_lookup import store_with_code


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
        raise Refused(f"There is no store with the code “{code}”.")
    return store
