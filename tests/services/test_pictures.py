"""Pictures find their products, are stored once, and none is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_placeholder, make_product
from tests.helpers.cast import Cast
from tests.helpers.pictures import JPEG, PNG, SVG, write_files
from tests.helpers.warehouse import Warehouse
from webapp.domain.pictures import MAX_PICTURE_BYTES, kept_name
from webapp.models import Product, Store
from webapp.services import picture_service
from webapp.services.picture_service import LeftOutFile, PicturesImported, import_pictures, read_picture
from webapp.services.product_merge_service import merge_products

Bring = Callable[[dict[str, bytes]], PicturesImported]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def bring(db: Session, store: Store, tmp_path: Path, kept: Path) -> Bring:
    """Import files into the cast's store."""

    def run(work: Callable[[Session], int]) -> int:
        result = work(db)
        db.commit()
        return result

    def bring(files: dict[str, bytes]) -> PicturesImported:
        return import_pictures(db, store.id, write_files(tmp_path / "source", files), kept, run)

    return bring


def pictures(db: Session) -> dict[str, str | None]:
    db.rollback()
    return {row.sku: row.picture for row in db.execute(select(Product.sku, Product.picture))}


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_product_gets_the_picture_that_is_named_after_its_sku(
    bring: Bring, db: Session, store: Store, kept: Path
) -> None:
    for sku in ("MUG-BLUE", "A/1", "BARE"):
        make_product(db, store, sku=sku)

    result = bring({"mug-blue.SVG": SVG, "A%2F1.jpeg": JPEG})

    mug, jar = kept_name("a.svg", SVG), kept_name("a.jpg", JPEG)
    assert result == PicturesImported(read=2, new=2)
    assert pictures(db) == {"MUG-BLUE": mug, "A/1": jar, "BARE": None}
    assert files_in(kept) == {f"{store.id}/{mug}", f"{store.id}/{jar}"}
    assert (kept / str(store.id) / mug).read_bytes() == SVG


def test_done_again_it_changes_nothing(bring: Bring, db: Session, store: Store, kept: Path) -> None:
    make_product(db, store, sku="MUG")
    bring({"MUG.svg": SVG})
    before, files = pictures(db), files_in(kept)

    again = bring({"MUG.svg": SVG})

    assert again == PicturesImported(read=1, unchanged=1)
    assert (pictures(db), files_in(kept)) == (before, files)


def test_a_new_picture_replaces_the_old_one_whose_file_stays_for_pages_that_are_open(
    bring: Bring, db: Session, store: Store, kept: Path
) -> None:
    make_product(db, store, sku="MUG")
    bring({"MUG.svg": SVG})

    changed = bring({"MUG.svg": SVG.replace(b"#48c", b"#c84")})

    assert changed == PicturesImported(read=1, new=1)
    assert pictures(db)["MUG"] != kept_name("a.svg", SVG)
    assert len(files_in(kept)) == 2


def test_a_kept_file_that_got_lost_is_kept_again(bring: Bring, db: Session, store: Store, kept: Path) -> None:
    make_product(db, store, sku="MUG")
    bring({"MUG.svg": SVG})
    lost = kept / str(store.id) / kept_name("a.svg", SVG)
    lost.unlink()

    bring({"MUG.svg": SVG})

    assert lost.read_bytes() == SVG


def test_every_file_that_is_not_placed_is_listed_with_its_reason(
    bring: Bring, db: Session, cast: Cast, tmp_path: Path, kept: Path
) -> None:
    for sku in ("MUG", "TWIN", "BOTH", "BIG", "FAKE"):
        make_product(db, cast.store, sku=sku)
    make_product(db, cast.store, sku="twin", sku_twin=1)  # From before, when two spellings could be two products.
    make_placeholder(db, cast.store)
    make_product(db, cast.other_store, sku="THEIRS")
    (tmp_path / "source" / "MUG").mkdir(parents=True)
    placeholder = next(sku for sku in pictures(db) if sku.startswith("PLACEHOLDER"))

    result = bring(
        {
            "Both.png": PNG,
            "both.svg": SVG,
            "BIG.png": PNG.ljust(MAX_PICTURE_BYTES + 1, b"."),
            "FAKE.png": SVG,
            "MUG.svg": SVG,
            "MUG.txt": b"a note beside the picture is no second picture",
            f"{placeholder}.svg": SVG,
            "THEIRS.svg": SVG,
            "twin.svg": SVG,
        }
    )

    assert {(one.file, one.reason) for one in result.left_out} == {
        ("Both.png", "another file is named after the same SKU"),
        ("both.svg", "another file is named after the same SKU"),
        ("BIG.png", "it is damaged"),
        ("FAKE.png", "its content is not png"),
        ("MUG", "it is a folder"),
        ("MUG.txt", "it is none of svg, png, webp, jpg"),
        (f"{placeholder}.svg", f"no product has the SKU {placeholder}"),
        ("THEIRS.svg", "no product has the SKU THEIRS"),
        ("twin.svg", "SKUs differ in capitals only: TWIN, twin"),
    }
    assert (result.read, result.new, result.unchanged) == (10, 1, 0)
    assert {sku for sku, picture in pictures(db).items() if picture} == {"MUG"}
    assert len(files_in(kept)) == 1


def test_a_file_that_cannot_be_read_is_left_out(
    bring: Bring, db: Session, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_product(db, store, sku="MUG")
    bring({"MUG.svg": SVG})

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    result = bring({})

    assert result.left_out == [LeftOutFile("MUG.svg", "it cannot be read: Permission denied")]


def test_many_pictures_are_named_a_few_at_a_time(
    bring: Bring, db: Session, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_service, "_AT_ONCE", 2)
    for number in range(5):
        make_product(db, store, sku=f"P{number}")

    result = bring({f"P{number}.svg": SVG for number in range(5)} | {"Z.svg": SVG})

    assert (result.read, result.new, len(result.left_out)) == (6, 5, 1)
    assert set(pictures(db).values()) == {kept_name("a.svg", SVG)}


def test_only_the_stores_own_pictures_of_proper_names_are_read(
    bring: Bring, db: Session, cast: Cast, kept: Path
) -> None:
    make_product(db, cast.store, sku="MUG")
    bring({"MUG.svg": SVG})
    name = kept_name("a.svg", SVG)

    stored_picture = read_picture(kept, cast.store.id, name)

    assert stored_picture is not None
    assert (stored_picture.content, stored_picture.format.media_type) == (SVG, "image/svg+xml")
    assert read_picture(kept, cast.other_store.id, name) is None
    for wrong in (f"../{cast.store.id}/{name}", f"{name}\n", name.upper(), "0" * 16 + ".svg", "", ".", ".."):
        assert read_picture(kept, cast.store.id, wrong) is None


def test_the_picture_of_a_merged_product_is_its_twins_unless_that_has_a_file_of_its_own(
    warehouse: Warehouse, tmp_path: Path, kept: Path
) -> None:
    former, mug = warehouse.product("Mug 2"), warehouse.product("Mug")
    warehouse.do(merge_products, product_id=former.id, survivor_id=mug.id, actor="max")

    def bring(files: dict[str, bytes]) -> PicturesImported:
        folder = write_files(tmp_path / str(len(files)), files)
        return import_pictures(warehouse.db, warehouse.store.id, folder, kept, lambda work: work(warehouse.db))

    assert bring({f"{former.sku}.svg": SVG}).new == 1
    warehouse.db.flush()
    assert pictures_of(warehouse) == {mug.sku: kept_name("a.svg", SVG), former.sku: None}
    both = bring({f"{former.sku}.svg": SVG, f"{mug.sku}.png": PNG})

    assert [one.file for one in both.left_out] == [f"{former.sku}.svg"]
    assert f"merged with {mug.sku}" in both.left_out[0].reason
    assert pictures_of(warehouse) == {mug.sku: kept_name("a.png", PNG), former.sku: None}


@pytest.mark.both_engines
def test_a_merge_while_pictures_come_in_takes_them_along(warehouse: Warehouse) -> None:
    former, mug = warehouse.product("Mug 2"), warehouse.product("Mug")
    warehouse.do(merge_products, product_id=former.id, survivor_id=mug.id, actor="max")

    changed = picture_service.name_pictures(warehouse.db, warehouse.store.id, {former.id: "a.svg"})

    assert changed == 1
    assert pictures_of(warehouse) == {mug.sku: "a.svg", former.sku: None}


def pictures_of(warehouse: Warehouse) -> dict[str, str | None]:
    own = select(Product.sku, Product.picture).where(Product.store_id == warehouse.store.id, ~Product.is_placeholder)
    rows = warehouse.db.execute(own)
    return {row.sku: row.picture for row in rows}
