"""``flask setup-link``: a link with which somebody sets up an empty database; the server prints one when it starts."""

from __future__ import annotations

import secrets
import sqlite3
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode, urljoin

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from webapp.auth.one_time import hash_of
from webapp.cli.changes import change
from webapp.cli.console import Refused, echo
from webapp.cli.lookup import require_tables
from webapp.domain.clock import utc_now
from webapp.extensions import db
from webapp.services.people import setup_service

LASTS: Final = timedelta(days=1)
_LAPTOP: Final = "http://127.0.0.1:8000"


@click.command("setup-link")
@click.option("--at", "origin", metavar="URL", help="Where browsers reach the server, such as https://shop.example.")
@with_appcontext
def setup_link(origin: str | None) -> None:
    """Print a link that sets up an empty database: its first store and person. It opens once, for a day."""
    require_tables()
    link = make_link(origin or own_origin(current_app) or _LAPTOP)
    if link is None:
        raise Refused("This database has people already: they sign in, and an administrator invites others.")
    echo(link)


def make_link(origin: str) -> str | None:
    """Keep a new link and return it; None once there is a person."""
    token = secrets.token_urlsafe(32)
    is_kept = change(lambda session: setup_service.add_link(session, hash_of(token), utc_now() + LASTS))
    path = current_app.url_map.bind("localhost").build("setup.new")
    return f"{urljoin(origin, path)}?{urlencode({'link': token})}" if is_kept else None


def link_at_start(app: Flask, origin: str) -> str | None:
    """Return a new link for a server that starts on an empty database; None for any other, or one out of reach."""
    with app.app_context():
        try:
            if setup_service.has_people(db.session()):
                return None
            return make_link(own_origin(app) or origin)
        except (SQLAlchemyError, sqlite3.OperationalError, click.ClickException):
            return None  # No tables yet, or no database: /readyz says so.
        finally:
            db.session.remove()


def own_origin(app: Flask) -> str:
    """Return where browsers reach the server, if its settings say so; else an empty text."""
    hosts: list[str] = [host for host in app.config["HOSTS"] if not host.startswith(".")]
    return f"{'https' if app.config['HTTPS'] else 'http'}://{hosts[0]}" if hosts else ""
