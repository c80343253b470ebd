"""``flask stores``: the shops."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from webapp.cli.changes import change, run
from webapp.cli.console import Refused, echo
from webapp.cli.lookup import require_actor, require_store
from webapp.domain.errors import NameTaken, PackbenchError
from webapp.domain.names import CONSOLE
from webapp.domain.settings import HELP, write_setting
from webapp.extensions import db
from webapp.services.people import membership_service
from webapp.services.people.store_settings import change_setting, read_settings

stores = AppGroup("stores", help="The shops that work here, each with rows of its own.")


@stores.command("create")
@click.argument("code")
@click.argument("name")
@click.option("--time-zone", default="UTC", show_default=True, help="Where its people are, such as Europe/Luxembourg.")
def create(code: str, name: str, time_zone: str) -> None:
    """Add the store NAME, which commands and tokens call CODE."""
    try:
        added = run(lambda db: membership_service.create_store(db, code, name, time_zone)).result
    except NameTaken as taken:
        raise Refused(f"The code {code} belongs to the store “{require_store(code).name}”.") from taken
    except PackbenchError as refusal:
        raise Refused(refusal.message) from refusal
    echo(f"Store {code} “{name}” {'created' if added else 'is there already'}.")


@stores.command("settings")
@click.argument("code")
def settings(code: str) -> None:
    """List what the store CODE has set, defaults included."""
    chosen = read_settings(db.session(), require_store(code).id)
    for name, purpose in HELP.items():
        echo(f"{name} = {write_setting(chosen, name)}    ({purpose})")


@stores.command("set")
@click.argument("code")
@click.argument("name")
@click.argument("value")
@click.option("--actor", default=CONSOLE, show_default=True, help="Who sets it.")
def set_(code: str, name: str, value: str, actor: str) -> None:
    """Set the setting NAME of the store CODE to VALUE; lists have semicolons between their texts."""
    store = require_store(code)
    store_id, actor = store.id, require_actor(store, actor, CONSOLE)
    change(lambda session: change_setting(session, store_id, name, value, actor))
    echo(f"{name} = {write_setting(read_settings(db.session(), store_id), name)}")
