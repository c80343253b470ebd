"""Reads which products codes are of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Final, NamedTuple

from sqlalchemy import func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from webapp.domain.codes import scan_key
from webapp.domain.stock import CodeChange, TaughtCode
from webapp.models import Product, ProductCode, ProductCodeChange
from webapp.models.base import constant, table_of
from webapp.models.rows import columns_of, rows_of

_codes, _changes, _products = table_of(ProductCode), table_of(ProductCodeChange), table_of(Product)


class CodeOwner(NamedTuple):
    """A product that has a code, and the units that the code stands for."""

    code: str
    product_id: int
    sku: str
    units: int


_TAUGHT: Final = columns_of(TaughtCode, _codes)
_CHANGE: Final = columns_of(CodeChange, _changes)

MOST_CHANGES: Final = 50
"""Entries of a journal that are read, the newest ones."""


def read_codes(db: Session, store_id: int, product_id: int) -> list[TaughtCode]:
    """Return a product's codes, the oldest first, in one statement."""
    query = select(*_TAUGHT).where(ProductCode.store_id == store_id, ProductCode.product_id == product_id)
    return rows_of(TaughtCode, db.execute(query.order_by(ProductCode.id)))


def read_journal(db: Session, store_id: int, product_id: int) -> list[CodeChange]:
    """Return the newest entries in the journal of a product's codes, the newest first, in one statement."""
    of_product = (_changes.c.store_id == store_id, _changes.c.product_id == product_id)
    query = select(*_CHANGE).where(*of_product).order_by(_changes.c.id.desc()).limit(constant(MOST_CHANGES))
    return rows_of(CodeChange, db.execute(query))


def owners_of(db: Session, store_id: int, codes: Collection[str]) -> dict[str, list[CodeOwner]]:
    """Return the products that have each code in any spelling, in one statement: several only for codes from before
    they were unique.

    Nobody has a code that is missing.
    """
    if not codes:
        return {}
    spelled: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        spelled[scan_key(code)].append(code)
    taught = (
        select(*columns_of(CodeOwner, _codes, sku=_products.c.sku))
        .join(_products, (_products.c.store_id == _codes.c.store_id) & (_products.c.id == _codes.c.product_id))
        .where(_codes.c.store_id == store_id, or_(_codes.c.code.in_(codes), _codes.c.scan_key.in_(spelled)))
    )
    own = select(
        *columns_of(
            CodeOwner, _products, code=func.coalesce(_products.c.gtin, ""), product_id=_products.c.id, units=literal(1)
        )
    ).where(_products.c.store_id == store_id, _products.c.gtin.in_(codes), _products.c.is_placeholder.is_(False))
    owners: dict[str, list[CodeOwner]] = defaultdict(list)
    for owner in sorted(set(rows_of(CodeOwner, db.execute(union_all(taught, own))))):
        for code in spelled[scan_key(owner.code)]:
            owners[code].append(owner)
    return owners
