"""Knows which rows of stock files came in before, so that each row of a delivery adds its units once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.database.insertion import insert_into
from webapp.domain.codes import fold_code
from webapp.models import ImportedStockRow
from webapp.models.base import table_of
from webapp.services.imports.spool import Spool
from webapp.services.imports.stock_drafts import DraftStock

_rows = table_of(ImportedStockRow)


@dataclass(frozen=True, slots=True)
class StockFile:
    """The file that is imported. With ``is_another_delivery`` its rows count although they came in by other files."""

    content: str
    source: str
    reference: str = ""
    is_another_delivery: bool = False


def key_of_row(row: DraftStock, reference: str, spool: Spool) -> str:
    """Return what the row is known by: its SKU, place and units, however spelled, and which one of such rows in its
    file it is. The name and the GTIN do not count: they are what people mend."""
    parts = (reference, fold_code(row.sku), fold_code(row.warehouse), fold_code(row.location), str(row.quantity))
    alike = "\n".join(parts)
    return sha256(f"{alike}\n{spool.count_alike(alike)}".encode()).hexdigest()


def note_rows(db: Session, store_id: int, file: StockFile, keys: Sequence[str]) -> dict[str, str]:
    """Note the rows with these keys as imported now; return those that came in before, with the file by which.

    Who notes a row first has it: another import of it waits, and then finds it.
    """
    repeats = set(keys) - _insert(db, store_id, file, keys)
    if not repeats:
        return {}
    present = db.execute(
        select(_rows.c.row_key, _rows.c.content, _rows.c.source, _rows.c.imported_at).where(
            _rows.c.store_id == store_id, _rows.c.row_key.in_(repeats), _rows.c.delivery == ""
        )
    ).all()
    before = {row.row_key: f"{row.source}, {row.imported_at:%Y-%m-%d}" for row in present}
    if not file.is_another_delivery:
        return before
    of_others = [row.row_key for row in present if row.content != file.content]
    for key in _insert(db, store_id, file, of_others, delivery=file.content):
        del before[key]
    return before


def forget_rows(db: Session, store_id: int, file: StockFile, keys: Iterable[str]) -> None:
    """Take back what ``note_rows`` has just noted: these rows were refused after all."""
    noted_now = (_rows.c.row_key.in_(list(keys))) & (_rows.c.content == file.content)
    db.execute(delete(_rows).where(_rows.c.store_id == store_id, noted_now))


def _insert(db: Session, store_id: int, file: StockFile, keys: Iterable[str], delivery: str = "") -> set[str]:
    rows = [
        {
            "store_id": store_id,
            "row_key": key,
            "delivery": delivery,
            "content": file.content,
            "source": file.source[:255],
        }
        for key in sorted(keys)
    ]
    if not rows:
        return set()
    statement = insert_into(db, _rows).values(rows).on_conflict_do_nothing().returning(_rows.c.row_key)
    return set(db.scalars(statement))
