"""Each store's settings, one row per setting; webapp.domain.settings has their types and defaults."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, ScalarSelect, String, UniqueConstraint, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from webapp.domain.clock import utc_now
from webapp.models.base import Base, TenantKey, UtcDateTime


class StoreSetting(TenantKey, Base):
    """One setting of one store, as JSON."""

    __tablename__ = "store_settings"

    name: Mapped[str] = mapped_column(String(64))
    value: Mapped[Any] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=text("CURRENT_TIMESTAMP"))
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["stores.id"]),
        UniqueConstraint("store_id", "name"),
    )


def settings_of(store_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ScalarSelect[dict[str, Any]]:
    """Return a store's settings as one JSON column, so that the sign-in query can read them too."""
    values = _ByName(StoreSetting.name, StoreSetting.value)
    return select(values).where(StoreSetting.store_id == store_id).scalar_subquery()


class _ByName(FunctionElement[dict[str, Any]]):
    """All rows as one JSON object: the first column is the name, the second the value."""

    name = "by_name"
    type = JSON()
    inherit_cache = True


@compiles(_ByName, "sqlite")
def _on_sqlite(element: _ByName, compiler: SQLCompiler, **kw: Any) -> str:
    name, value = (compiler.process(clause, **kw) for clause in element.clauses)
    readable = f"CASE WHEN json_valid({value}) THEN {value} ELSE 'null' END"  # One invalid value would fail them all.
    return f"json_group_object({name}, json({readable}))"


@compiles(_ByName, "postgresql")
def _on_postgresql(element: _ByName, compiler: SQLCompiler, **kw: Any) -> str:
    return f"jsonb_object_agg({compiler.process(element.clauses, **kw)})"
