"""``flask keys``: the idempotency keys of requests."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import click
from flask.cli import AppGroup

from webapp.cli.changes import change
from webapp.cli.console import echo
from webapp.domain.clock import utc_now
from webapp.domain.operation_ids import FEWEST_DAYS
from webapp.services.old_keys import KEY_DAYS, Pruned, prune_keys

keys = AppGroup("keys", help="The idempotency keys, by which a repeated request counts once.")


@keys.command("prune")
@click.option(
    "--days",
    type=click.IntRange(min=FEWEST_DAYS),
    default=KEY_DAYS,
    show_default=True,
    help="Keep the keys of so many days.",
)
def prune(days: int) -> None:
    """Delete the keys of old requests, a few at a time, beside a running server. Keys of imported files stay."""
    before = utc_now() - timedelta(days=days)
    seen, deleted, step = 0, 0, Pruned(0, 0, None)
    while True:
        step = change(partial(prune_keys, before=before, after=step.next_after))
        seen, deleted = seen + step.seen, deleted + step.deleted
        if step.next_after is None:
            break
    echo(f"Keys: {deleted} deleted, {seen - deleted} kept")
