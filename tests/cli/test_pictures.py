"""``flask pictures import`` reports what was imported, what was not and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import make_product
from tests.helpers.pictures import PNG, SVG, write_files
from webapp.models import Store

Bring = Callable[..., Result]


@pytest.fixture
def bring(app: Flask, db: Session, store: Store, tmp_path: Path) -> Bring:
    """Import a folder of two files, one that fits a product and one that does not."""
    app.config["PICTURE_FOLDER"] = str(tmp_path / "kept")
    make_product(db, store, sku="MUG")
    source = write_files(tmp_path / "source", {"MUG.svg": SVG, "CUP.png": PNG})

    def bring(code: str = "MAIN", folder: Path = source) -> Result:
        return app.test_cli_runner().invoke(args=["pictures", "import", str(folder), "--store", code])

    return bring


@pytest.mark.both_engines
def test_it_accounts_for_every_file_and_says_when_nothing_changed(bring: Bring) -> None:
    first, again = bring(), bring()

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "Pictures: read 2 = new 1 + known 0 + left out 1" in first.stdout
    assert "left out  CUP.png: no product has the SKU CUP" in first.stdout
    assert "Nothing changed" not in first.stdout
    assert "Pictures: read 2 = new 0 + known 1 + left out 1" in again.stdout
    assert "Nothing changed: the products have these pictures already." in again.stdout


def test_an_empty_folder_changes_nothing(bring: Bring, tmp_path: Path) -> None:
    result = bring(folder=write_files(tmp_path / "empty", {}))

    assert result.exit_code == 0
    assert result.stdout == "Pictures: read 0 = new 0 + known 0 + left out 0\nNothing changed.\n"


def test_a_store_or_a_folder_that_is_not_there_is_said(bring: Bring, tmp_path: Path) -> None:
    assert "There is no store with the code “NONE”." in bring("NONE").stderr
    assert bring(folder=tmp_path / "none").exit_code == 2


def test_a_place_that_cannot_be_written_is_said(app: Flask, bring: Bring, tmp_path: Path) -> None:
    write_files(tmp_path, {"a file": b""})
    app.config["PICTURE_FOLDER"] = str(tmp_path / "a file")

    result = bring()

    assert result.exit_code == 1
    assert "The pictures cannot be read or kept" in result.stderr


def test_the_name_of_a_file_cannot_pass_for_a_line_of_the_command(bring: Bring, tmp_path: Path) -> None:
    result = bring(folder=write_files(tmp_path / "odd", {"a\nPictures: read 9.png": PNG}))

    assert r"left out  a\nPictures: read 9.png: " in result.output
