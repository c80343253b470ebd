"""Invariant 5: a store's settings are ones that there are, with values that they can have."""

from __future__ import annotations

import json

from sqlalchemy import String, select
from sqlalchemy import cast as sql_cast

from webapp.domain.settings import RULES
from webapp.models import StoreSetting
from webapp.models.base import table_of
from webapp.services.verification.findings import Check, Finds, Row, Scope


def settings_of_stores(scope: Scope) -> Finds:
    """Select the settings with their values as text, since a damaged one is no JSON."""
    value = sql_cast(StoreSetting.value, String).label("value")
    return select(StoreSetting.store_id, StoreSetting.id, StoreSetting.name, value).where(scope.of(StoreSetting))


def unusable_setting(row: Row) -> Row | None:
    """Return what to report of a setting that nobody reads, because of its name or its value."""
    try:
        value = RULES[row["name"]].load(json.loads(row["value"]))
    except (KeyError, TypeError, ValueError):
        value = None
    if value is not None:
        return None
    return {"name": row["name"], "found_value": row["value"]}


CHECKS = (
    Check(
        5,
        "setting_is_usable",
        "There is no such setting, or it cannot have this value: the store has the default instead",
        table_of(StoreSetting),
        settings_of_stores,
        unusable_setting,
    ),
)
