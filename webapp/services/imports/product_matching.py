"""Finds the product of an imported line by its GTIN and its SKU; without one, the store's placeholder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.codes import code_key, fold_code
from webapp.domain.products import PLACEHOLDER_GTIN, PLACEHOLDER_NAME, PLACEHOLDER_SKU
from webapp.domain.unknown_lines import MatchBy, UnknownCode, in_channel, key_of_line
from webapp.domain.wording import say
from webapp.models import Product, ProductMerge
from webapp.models.base import table_of
from webapp.services.engine.merged_products import present_products
from webapp.services.reads.matches import RememberedMatch, remembered_of
from webapp.services.reads.product_codes import owners_of

OTHER_SPELLING: Final = say("the SKU is read as that of a product, which spells it otherwise")
OF_A_MERGED: Final = say("the SKU is that of a product that was merged with this one")
ALIKE: Final = say("several products have nearly this SKU, so the line waits to be matched")
TWO_PRODUCTS: Final = say("GTIN and SKU name two products, so the line waits to be matched")
OF_A_CASE: Final = say("the GTIN is that of a case of several units, so the line waits to be matched")
MATCHED_ELSEWHERE: Final = say("the SKU is a product's and was matched to another one, so the line waits to be matched")
SHARED_GTIN: Final = say("several products have this GTIN, so the line waits to be matched")
NO_GTIN: Final = say("%(fault)s, so the line goes by its SKU or name")


class OrderedAs(NamedTuple):
    """What an imported line says of its product."""

    gtin: str
    sku: str
    name: str
    channel_id: int


class ProductMatch(NamedTuple):
    """A line's product, and a remark if its codes were not simply those of the product."""

    product_id: int
    remark: str = ""
    value: str = ""
    match_id: int | None = None
    """The match that leads to the product; None if the line's codes are the product's own."""
    pack_units: int = 1
    """Units of the product in one ordered unit."""

    def by(self, match: RememberedMatch | None) -> ProductMatch:
        """Return it as what the match leads to."""
        return self._replace(match_id=match.match_id, pack_units=match.pack_units) if match else self


class ProductFinder:
    """Finds the products of one chunk's lines, in a handful of queries for any number of lines.

    A GTIN is its product's; what somebody matched decides among several products, and for a GTIN or a SKU that no
    product has, or that is a pack of one. A SKU is its product's in any spelling. Where the two name different
    products, or one of them several, the line waits on the placeholder. A line without either is found by its name, if
    somebody matched the name in its channel. Who ``holds`` keeps merges of the products away until we commit.
    """

    def __init__(self, db: Session, store_id: int, lines: Iterable[OrderedAs], *, holds: bool = True) -> None:
        codes = set(lines)
        gtins = {line.gtin for line in codes} - {"", PLACEHOLDER_GTIN}
        self._db = db
        self._store_id = store_id
        self._owners = owners_of(db, store_id, gtins)
        skus = {line.sku for line in codes} - {""}
        names = {key for line in codes if (key := _by_name(line))}
        keys = {*map(_by_gtin, gtins), *map(_by_sku, skus - {PLACEHOLDER_SKU}), *names}
        self._matched = remembered_of(db, store_id, keys)
        self._skus = SkuFinder(db, store_id, skus)
        self._by_code = owners_of(db, store_id, {sku for sku in skus if self._skus.is_unknown(sku)})
        owners = (owner.product_id for owned in (self._owners, self._by_code) for of in owned.values() for owner in of)
        matched = (match.product_id for match in self._matched.values())
        self.product_ids: Final = {*owners, *matched, *self._skus.product_ids}
        self._present = present_products(db, store_id, self.product_ids, holds=holds)
        self._placeholder_id: int | None = None
        self.unmatched_lines = 0

    def hold(self) -> None:
        """Hold the products' keys until we commit. A merge locks orders and places first, so who locks some calls this
        after it, and makes the finder without ``holds``."""
        self._present = present_products(self._db, self._store_id, self.product_ids)

    def find(self, line: OrderedAs) -> ProductMatch:
        """Return a line's product, or the placeholder (created if the store has none)."""
        if (key := _by_name(line)) and (named := self._matched.get(key)):
            return ProductMatch(self._now(named.product_id)).by(named)
        return self._find(line.gtin, line.sku)

    def _now(self, product_id: int) -> int:
        """Return what a product is now: of a merge that came while we read, only the ids are old."""
        return self._present.get(product_id, product_id)

    def _find(self, gtin: str, sku: str) -> ProductMatch:
        matched = self._matched.get(_by_gtin(gtin))
        is_pack = matched is not None and matched.pack_units != 1
        if not is_pack and any(owner.units != 1 for owner in self._owners.get(gtin, ())):
            return self._waiting(OF_A_CASE, gtin)
        named = self._named_by(gtin)
        likely = self._skus.find(sku) if sku else NO_SKU
        own = likely.product or self._having_code(sku)
        own_id = self._now(own.id) if own else None
        learned = self._matched.get(_by_sku(sku)) if sku and not likely.is_unclear else None
        learned_id = self._now(learned.product_id) if learned else None
        if own_id and learned_id and learned_id != own_id:
            return self._waiting(MATCHED_ELSEWHERE, sku)
        by_sku = own_id or learned_id
        if by_sku is None:
            if len(named) == 1:
                (product_id,) = named
                return ProductMatch(product_id).by(self._leading_to(product_id, gtin))
            return self._waiting(SHARED_GTIN if named else ALIKE if likely.is_unclear else "", gtin if named else sku)
        if named and by_sku not in named:
            return self._waiting(TWO_PRODUCTS, f"{gtin} {sku}")
        if own is None:
            goes_by_sku = learned is not None and (not named or learned.pack_units != 1)
            return ProductMatch(by_sku).by(learned if goes_by_sku else self._leading_to(by_sku, gtin))
        if is_pack:
            return ProductMatch(by_sku).by(matched)
        if likely.product is None or own.sku == sku:
            return ProductMatch(by_sku)
        return ProductMatch(by_sku, remark_of(sku, own.sku), f"{sku} {own.sku}")

    def _leading_to(self, product_id: int, gtin: str) -> RememberedMatch | None:
        """Return the match of the GTIN by which a line has the product; None if the GTIN is this product's alone, and
        one ordered unit is one of it."""
        matched = self._matched.get(_by_gtin(gtin))
        is_own = self._owner_ids(gtin) == {product_id}
        return matched if matched and not (is_own and matched.pack_units == 1) else None

    def _having_code(self, code: str) -> KnownSku | None:
        """Return the product that has a code of one unit, which the line gives as its SKU."""
        owners = self._by_code.get(code, [])
        return KnownSku(owners[0].product_id, owners[0].sku) if len(owners) == 1 and owners[0].units == 1 else None

    def _named_by(self, gtin: str) -> set[int]:
        """Return the products that the GTIN may mean: several where its products and a match do not agree."""
        owners, matched = self._owner_ids(gtin), self._matched.get(_by_gtin(gtin))
        if matched is None:
            return owners
        product_id = self._now(matched.product_id)
        return {product_id} if product_id in owners else {product_id, *owners}

    def _owner_ids(self, gtin: str) -> set[int]:
        return {self._now(owner.product_id) for owner in self._owners.get(gtin, ()) if owner.units == 1}

    def _waiting(self, remark: str, value: str) -> ProductMatch:
        self.unmatched_lines += 1
        if self._placeholder_id is None:
            self._placeholder_id = ensure_placeholder(self._db, self._store_id)
        return ProductMatch(self._placeholder_id, remark, value if remark else "")


class KnownSku(NamedTuple):
    """A product and its SKU."""

    id: int
    sku: str


class SkuMatch(NamedTuple):
    """The product with a SKU in any spelling; without one, whether some product's differs in its blanks only, or
    several are spelled alike."""

    product: KnownSku | None
    is_unclear: bool = False
    near: str = ""
    """A SKU that may be meant."""


NO_SKU: Final = SkuMatch(None)


class SkuFinder:
    """Finds the products of many SKUs in one query: by the very SKU, else by the only one that is spelled alike."""

    def __init__(self, db: Session, store_id: int, skus: Collection[str]) -> None:
        merge, present = table_of(ProductMerge), table_of(Product).alias("present")
        is_merged = (merge.c.store_id == Product.store_id) & (merge.c.product_id == Product.id)
        rows = db.execute(
            select(
                Product.sku,
                func.coalesce(present.c.id, Product.id).label("id"),
                func.coalesce(present.c.sku, Product.sku).label("present_sku"),
            )
            .outerjoin(merge, is_merged & merge.c.undone_at.is_(None))
            .outerjoin(present, (present.c.store_id == merge.c.store_id) & (present.c.id == merge.c.present_id))
            .where(
                Product.store_id == store_id,
                or_(Product.sku.in_(skus), Product.sku_key.in_({code_key(sku) for sku in skus})),
                Product.is_placeholder.is_(False),
            )
        ).all()
        self._by_sku = {row.sku: KnownSku(row.id, row.present_sku) for row in rows}
        self._by_key: dict[str, dict[str, KnownSku]] = defaultdict(dict)
        for sku, product in self._by_sku.items():
            self._by_key[code_key(sku)][sku] = product

    @property
    def product_ids(self) -> set[int]:
        """Ids of all products that may be meant."""
        return {product.id for product in self._by_sku.values()}

    def is_unknown(self, sku: str) -> bool:
        """Return whether no product has this SKU, or nearly this."""
        return self.find(sku) == NO_SKU

    def find(self, sku: str) -> SkuMatch:
        """Return the product with this SKU."""
        if sku in self._by_sku:
            return SkuMatch(self._by_sku[sku])
        near = self._by_key.get(code_key(sku), {})
        if len(set(near.values())) == 1 and any(fold_code(own) == fold_code(sku) for own in near):
            return SkuMatch(next(iter(near.values())))
        return SkuMatch(None, is_unclear=bool(near), near=next(iter(near), ""))


def remark_of(sku: str, of: str) -> str:
    """Return the remark about a SKU that is read as ``of``."""
    return OTHER_SPELLING if code_key(sku) == code_key(of) else OF_A_MERGED


def ensure_placeholder(db: Session, store_id: int) -> int:
    """Return the store's placeholder id, creating the product if there is none."""
    db.execute(
        insert_into(db, Product)
        .values(
            store_id=store_id, sku=PLACEHOLDER_SKU, gtin=PLACEHOLDER_GTIN, name=PLACEHOLDER_NAME, is_placeholder=True
        )
        .on_conflict_do_nothing()
    )
    return db.execute(select(Product.id).where(Product.store_id == store_id, Product.is_placeholder)).scalar_one()


def _by_gtin(gtin: str) -> tuple[MatchBy, str]:
    return MatchBy.GTIN, UnknownCode(MatchBy.GTIN, gtin).key


def _by_sku(sku: str) -> tuple[MatchBy, str]:
    return MatchBy.SKU, UnknownCode(MatchBy.SKU, sku).key


def _by_name(line: OrderedAs) -> tuple[MatchBy, str] | None:
    key = key_of_line(line.gtin, line.sku, line.name)
    return (MatchBy.NAME, in_channel(line.channel_id, key)) if key else None
