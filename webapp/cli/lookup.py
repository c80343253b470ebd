"""Finding what a command names, or ending it with a sentence."""

from __future__ import annotations

import click
from sqlalchemy.exc import DBAPIError

from webapp.extensions import db
from webapp.models import Store
from webapp.services.store_lookup import store_with_code


def require_store(code: str) -> Store:
    """Return the store with this code; end the command when there is none, or no database."""
    try:
        store = store_with_code(db.session(), code)
    except DBAPIError as error:
        raise click.ClickException(
            f"The database cannot be used: {error.orig}. If it is new, make its tables: flask --app wsgi db upgrade"
        ) from error
    if store is None:
        raise click.ClickException(f"There is no store with the code “{code}”.")
    return store
