"""Commands: ``flask --app wsgi …``."""

from __future__ import annotations

from flask import Flask

from webapp.cli import (
    backups,
    channels,
    demo,
    import_jobs,
    imports,
    keys,
    orders,
    pictures,
    setup,
    stock,
    stores,
    tokens,
    users,
)


def register(app: Flask) -> None:
    """Register the commands."""
    groups = (
        backups.backup,
        channels.channels,
        imports.imports,
        keys.keys,
        orders.orders,
        pictures.pictures,
        stock.stock,
        stores.stores,
        tokens.tokens,
        users.users,
    )
    imports.imports.add_command(import_jobs.job_command)
    for commands in (demo.demo, setup.setup_link, *groups):
        app.cli.add_command(commands)
