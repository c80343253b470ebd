"""``flask channels``: where a store's orders come from."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from webapp.cli.changes import change
from webapp.cli.console import Refused, echo, echo_table, minute_words
from webapp.cli.lookup import require_store
from webapp.domain.channels import ChannelKind
from webapp.domain.errors import ChannelNotFound
from webapp.extensions import db
from webapp.services import channel_service
from webapp.services.channel_service import KeptChannel

channels = AppGroup("channels", help="Where a store's orders come from.")

_store = click.option("--store", "store_code", metavar="CODE", required=True, help="The store.")
_kind = click.Choice([kind.value for kind in ChannelKind])


@channels.command("list")
@_store
def list_(store_code: str) -> None:
    """List the channels, with how many orders each has."""
    kept = channel_service.list_channels(db.session(), require_store(store_code).id)
    echo_table(("CODE", "NAME", "KIND", "ORDERS", "LAST ORDERED"), map(_row, kept))


@channels.command("add")
@click.argument("code")
@_store
@click.option("--name", default="", help="What people call it; its code if left out.")
@click.option("--kind", type=_kind, default=ChannelKind.SHOP.value, show_default=True)
def add(code: str, store_code: str, name: str, kind: str) -> None:
    """Add the channel CODE before its first file."""
    store_id = require_store(store_code).id
    added = change(lambda db: channel_service.add_channel(db, store_id, code, name, ChannelKind(kind)))
    echo(f"Channel “{added}” added.")


@channels.command("set")
@click.argument("code")
@_store
@click.option("--name", help="Another name.")
@click.option("--kind", type=_kind, help="Another kind.")
def set_(code: str, store_code: str, name: str | None, kind: str | None) -> None:
    """Give the channel CODE another name or kind. A blank CODE is the channel of files that name none."""
    store_id = require_store(store_code).id
    try:
        own = channel_service.find_by_code(db.session(), store_id, code)
    except ChannelNotFound as unknown:
        raise Refused(f"There is no channel “{code}” in the store {store_code}.") from unknown
    new_name, new_kind = name or own.name, ChannelKind(kind) if kind else own.kind
    change(lambda db: channel_service.change_channel(db, store_id, own.id, new_name, new_kind))
    echo(f"Channel “{own.code}” is “{new_name}”, {new_kind.value}.")


def _row(one: KeptChannel) -> tuple[str, ...]:
    last = minute_words(one.last_ordered_at) if one.last_ordered_at else "never"
    return one.code or "(blank)", one.name, one.kind.value, str(one.orders), last
