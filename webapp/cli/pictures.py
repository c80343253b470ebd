"""``flask pictures``: pictures of products."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from webapp.cli.changes import change
from webapp.cli.console import Refused, echo
from webapp.cli.lookup import require_store
from webapp.cli.progress import Progress
from webapp.domain.control_characters import escape_controls
from webapp.extensions import db
from webapp.services.picture_service import PicturesImported, import_pictures

pictures = AppGroup("pictures", help="Pictures of products, shown where people pick and look for them.")


@pictures.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--store", "code", metavar="CODE", required=True, help="The store they belong to.")
def import_command(folder: Path, code: str) -> None:
    """Give products the pictures in FOLDER, each named after its product: MUG-BLUE.svg, .png, .webp or .jpg.

    A slash in a SKU is written %2F. Files of up to 15 MB are taken, and photographs made smaller; each file that is
    left out is listed with its reason. Done again, nothing changes.
    """
    result = bring_pictures(require_store(code).id, folder)
    echo(
        f"Pictures: read {result.read} = new {result.new} + known {result.unchanged} + left out {len(result.left_out)}"
    )
    for one in result.left_out:
        echo(f"  left out  {escape_controls(one.file)}: {one.reason}")
    if not result.new:
        echo("Nothing changed" + (": the products have these pictures already." if result.unchanged else "."))


def bring_pictures(store_id: int, folder: Path) -> PicturesImported:
    """Import a folder's pictures into the store and show progress; an unusable folder ends the command."""
    progress = Progress()
    try:
        kept = Path(current_app.config["PICTURE_FOLDER"])
        return import_pictures(db.session(), store_id, folder, kept, change, progress)
    except OSError as error:
        raise Refused(f"The pictures cannot be read or kept: {error}") from error
    finally:
        progress.clear()
