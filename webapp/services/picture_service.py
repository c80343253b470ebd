"""Product pictures: files in one folder per store, named in the products' rows.

A file's name is a hash of its content. So its content never changes, browsers may cache it for good, and storing it
again does nothing. Replaced pictures stay on disk, since open pages still show them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.pictures import KEPT_NAME, MAX_SENT_BYTES, NoPicture, PictureFormat, format_of, kept_name
from webapp.domain.wording import say
from webapp.models import Product, ProductMerge
from webapp.models.base import table_of
from webapp.models.rows import columns_of, rows_of
from webapp.services.engine.merged_products import present_products
from webapp.services.pictures.fitting import fit

_AT_ONCE: Final = 100
"""Products written per unit of work."""


RunWork = Callable[[Callable[[Session], int]], int]
"""Runs ``work`` in its own unit of work and returns its result."""


@dataclass(frozen=True, slots=True)
class LeftOutFile:
    """A file that was not used, and why."""

    file: str
    reason: str


@dataclass
class PicturesImported:
    """What happened to the files: ``read`` = ``new`` + ``unchanged`` + those left out."""

    read: int = 0
    new: int = 0
    unchanged: int = 0
    left_out: list[LeftOutFile] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture's content and format, as it is sent."""

    content: bytes
    format: PictureFormat


@dataclass(frozen=True, slots=True)
class _Pictured:
    """A product, and the file name of its picture."""

    product_id: int
    sku: str
    picture: str | None


def import_pictures(
    db: Session,
    store_id: int,
    source: Path,
    kept: Path,
    run: RunWork,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> PicturesImported:
    """Give products the pictures in the folder ``source``, whose files are named ``<SKU>.<svg|png|webp|jpg|jpeg>``.

    Upper and lower case count the same; characters that a file name cannot contain are written as in an address
    (``%2F``). Files are copied to ``kept`` first and named in the database afterwards, so a product never names a
    missing file. A file that fits no product is left out with its reason, and so are two files for one product. Raises
    OSError if a folder cannot be read or written.
    """
    files, result = sorted(source.iterdir()), PicturesImported()
    products, files_by_stem = _products(db, store_id), Counter(map(_stem, filter(_is_picture, files)))
    changes: dict[int, str] = {}
    for done, file in enumerate(files, start=1):
        result.read += 1
        try:
            product = _product_of(file, products, files_by_stem)
            name = _keep(kept / str(store_id), file)
        except NoPicture as refusal:
            result.left_out.append(LeftOutFile(file.name, refusal.args[0]))
        else:
            if product.picture == name:
                result.unchanged += 1
            else:
                changes[product.product_id] = name
        if len(changes) == _AT_ONCE or (changes and done == len(files)):
            result.new += run(_naming(store_id, dict(changes)))
            changes.clear()
        progress("pictures", done, len(files))
    return result


def keep_picture(kept: Path, store_id: int, file_name: str, content: bytes) -> str:
    """Write a picture that somebody sent into the store's folder, made smaller if it is large; return its name.

    Raises NoPicture, OSError.
    """
    return _keep_fitting(kept / str(store_id), file_name, content)


def name_pictures(db: Session, store_id: int, names: Mapping[int, str]) -> int:
    """Set the products' pictures to files that are already stored, by product id; return how many changed. Flushes.

    The picture of a product that was merged is that of its twin, unless the twin has one of its own here.
    """
    present = present_products(db, store_id, names)
    of_present = {present.get(one, one): names[one] for one in sorted(names, key=lambda one: one not in present)}
    products = db.scalars(
        select(Product)
        .where(Product.store_id == store_id, Product.id.in_(of_present))
        .order_by(Product.id)
        .with_for_update(key_share=True)
    ).all()
    for product in products:
        product.picture = of_present[product.id]
    db.flush()
    return len(products)


def read_picture(kept: Path, store_id: int, name: str) -> KeptPicture | None:
    """Return one of the store's own pictures; None if it has none of this name, whatever the name contains."""
    if not KEPT_NAME.fullmatch(name):
        return None
    try:
        return KeptPicture((kept / str(store_id) / name).read_bytes(), format_of(name))
    except OSError:
        return None


def _naming(store_id: int, names: Mapping[int, str]) -> Callable[[Session], int]:
    return lambda db: name_pictures(db, store_id, names)


def _products(db: Session, store_id: int) -> dict[str, list[_Pictured]]:
    """Return the store's products by case-folded SKU, without the placeholder; by a merged one's SKU its twin."""
    products = table_of(Product)
    columns = columns_of(_Pictured, products, product_id=products.c.id)
    result = db.execute(select(*columns).where(Product.store_id == store_id, ~Product.is_placeholder))
    by_sku: dict[str, list[_Pictured]] = defaultdict(list)
    by_id = {product.product_id: product for product in rows_of(_Pictured, result)}
    present = _merged(db, store_id)
    for product in by_id.values():
        by_sku[product.sku.casefold()].append(by_id[present.get(product.product_id, product.product_id)])
    return dict(by_sku)


def _merged(db: Session, store_id: int) -> dict[int, int]:
    """Return which product each merged one is now."""
    merges = table_of(ProductMerge)
    standing = (merges.c.store_id == store_id, merges.c.undone_at.is_(None))
    rows = db.execute(select(merges.c.product_id, merges.c.present_id).where(*standing))
    return {row.product_id: row.present_id for row in rows}


def _product_of(file: Path, products: Mapping[str, list[_Pictured]], files_by_stem: Mapping[str, int]) -> _Pictured:
    """Return the product that the file is named after. Raises NoPicture."""
    if not file.is_file():
        raise NoPicture(say("it is a folder") if file.is_dir() else say("it is no file"))
    format_of(file.name)
    candidates = products.get(_stem(file), [])
    if not candidates:
        raise NoPicture(say("no product has the SKU %(sku)s", sku=unquote(file.stem)))
    if len(candidates) > 1:
        raise NoPicture(
            say("SKUs differ in capitals only: %(skus)s", skus=", ".join(sorted(one.sku for one in candidates)))
        )
    if files_by_stem[_stem(file)] > 1:
        raise NoPicture(say("another file is named after the same SKU"))
    product = candidates[0]
    if _stem(file) != product.sku.casefold() and files_by_stem[product.sku.casefold()]:
        raise NoPicture(
            say("its product was merged with %(sku)s, and another file is named after that", sku=product.sku)
        )
    return product


def _is_picture(file: Path) -> bool:
    try:
        format_of(file.name)
    except NoPicture:
        return False
    return file.is_file()


def _stem(file: Path) -> str:
    return unquote(file.stem).casefold()


def _keep(folder: Path, file: Path) -> str:
    """Copy the file into the folder, made smaller if it is large, named by its content's hash; return the name.

    Raises NoPicture, OSError.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_SENT_BYTES + 1)
    except OSError as error:
        raise NoPicture(say("it cannot be read: %(why)s", why=error.strerror)) from error
    return _keep_fitting(folder, file.name, content)


def _keep_fitting(folder: Path, file_name: str, content: bytes) -> str:
    fitting_name, fitting = fit(file_name, content)
    name = kept_name(fitting_name, fitting)
    write_picture(folder / name, fitting)
    return name


def write_picture(target: Path, content: bytes) -> None:
    """Write the file, unless it is there. Raises OSError."""
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        arriving = target.with_name(f".{uuid4().hex}")
        try:
            arriving.write_bytes(content)
            arriving.replace(target)  # Atomic: readers see all of the file or nothing.
        finally:
            arriving.unlink(missing_ok=True)
