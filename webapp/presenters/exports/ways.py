"""The ways in which a list can be taken away, for its "Export" menu."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.presenters.links import ByQuery
from webapp.presenters.pieces import Link


def export_ways(csv: ByQuery, xlsx: ByQuery, query: Mapping[str, str], *, may_export: bool) -> tuple[Link, ...]:
    """Return a link for each type of file, with the list's filters; none for people who may not export."""
    return (Link("CSV", csv(**query)), Link("Excel (XLSX)", xlsx(**query))) if may_export else ()
