"""The list of an import's orders or rows of stock: what becomes of each, to filter and to search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from webapp.domain.change_words import CHANGES
from webapp.domain.import_entries import Entry, EntryKind, EntryPage
from webapp.domain.import_jobs import ImportJob, ImportKind
from webapp.domain.upstream import ShopChange
from webapp.domain.wording import Wording, say
from webapp.languages import _, number, translate
from webapp.presenters.exports.ways import export_ways
from webapp.presenters.imports.words import fault_words
from webapp.presenters.links import Links, with_query
from webapp.presenters.pieces import Link, View

KINDS: Final[dict[EntryKind, tuple[Wording, str]]] = {
    EntryKind.REFUSED: (say("Refused"), "danger"),
    EntryKind.NEW: (say("New"), "success"),
    EntryKind.HELD: (say("New, on hold"), "warning"),
    EntryKind.CHANGED: (say("Changed"), "success"),
    EntryKind.ADDED: (say("Units added"), "success"),
    EntryKind.LEFT_OUT: (say("Left out"), "info"),
    EntryKind.REPEATED: (say("Repeated"), "info"),
    EntryKind.UNCHANGED: (say("Unchanged"), "info"),
}
"""Each kind in words and as a tone, in the order of the filters: first what somebody has to look at."""

_NEW_PRODUCT: Final = say("New product")

COLUMNS: Final = ("row", "order_number", "channel", "customer_name", "units", "outcome", "changes", "reason", "value")
STOCK_COLUMNS: Final = ("row", "sku", "product_name", "units", "outcome", "reason", "value")


@dataclass(frozen=True, slots=True)
class EntryQuery:
    """What of the list is shown."""

    kind: EntryKind | None = None
    search: str = ""
    page: int = 1

    def as_query(self) -> dict[str, str]:
        """Return the filter and the search as the address has them."""
        return {name: value for name, value in (("show", self.kind), ("search", self.search)) if value}


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An order, or a row of stock."""

    row: str
    name: str
    channel: str
    subject: str
    units: str
    outcome: str
    tone: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class EntryListPanel:
    """The list; its addresses keep the filter and the search."""

    title: str
    of_orders: bool
    filters: Sequence[View]
    rows: Sequence[EntryRow]
    has_channels: bool
    search: str
    show: str
    path: str
    next_path: str
    first_path: str
    export_ways: Sequence[Link]
    search_label: str


def present_entries(job: ImportJob, page: EntryPage, query: EntryQuery, links: Links) -> EntryListPanel:
    """Build the list."""
    of_orders = job.kind is ImportKind.ORDERS

    def here(kind: EntryKind | None, at: int = 1) -> str:
        kept = {**query.as_query(), "show": kind}
        return links.entries_of_import(job.id, **kept, page=at if at > 1 else None)

    kinds = [kind for kind in KINDS if page.counts.get(kind) or kind is query.kind]
    views: list[tuple[EntryKind | None, str, int]] = [(None, _("All"), sum(page.counts.values()))]
    views += [(kind, kind_words(kind, of_orders=of_orders), page.counts.get(kind, 0)) for kind in kinds]
    rows = [_row(one, of_orders=of_orders) for one in page.entries]
    return EntryListPanel(
        title=_("Order by order") if of_orders else _("Row by row"),
        of_orders=of_orders,
        filters=[View(words, here(kind), kind is query.kind, number(count)) for kind, words, count in views],
        rows=rows,
        has_channels=any(row.channel for row in rows),
        search=query.search,
        show=query.kind or "",
        path=links.import_job(job.id),
        next_path=here(query.kind, query.page + 1) if page.has_more else "",
        first_path=here(query.kind) if query.page > 1 else "",
        export_ways=export_ways(
            partial(with_query, links.import_entries_csv(job.id)),
            partial(with_query, links.import_entries_xlsx(job.id)),
            query.as_query(),
            may_export=True,
        ),
        search_label=_("Search orders") if of_orders else _("Search rows"),
    )


def kind_words(kind: EntryKind, *, of_orders: bool) -> str:
    """Return what becomes of an entry, in the reader's language."""
    return translate(_NEW_PRODUCT if kind is EntryKind.NEW and not of_orders else KINDS[kind][0])


def entry_rows(entries: Iterator[Entry], *, of_orders: bool) -> Iterator[Sequence[str | int]]:
    """Yield the rows of a download. Like the report it is in English for everybody."""
    for one in entries:
        changes = ", ".join(CHANGES[ShopChange(change)] for change in one.changes)
        if of_orders:
            yield (
                *(one.row, one.name, one.channel, one.subject, one.units),
                *(one.kind.value, changes, one.reason, one.value),
            )
        else:
            yield one.row, one.name, one.subject, one.units, one.kind.value, one.reason, one.value


def _row(one: Entry, *, of_orders: bool) -> EntryRow:
    changes = ", ".join(translate(CHANGES[ShopChange(change)]) for change in one.changes)
    return EntryRow(
        row=number(one.row),
        name=one.name or _("no number") if of_orders else one.name or _("no SKU"),
        channel=one.channel,
        subject=one.subject,
        units=number(one.units) if one.units else "",
        outcome=kind_words(one.kind, of_orders=of_orders),
        tone=KINDS[one.kind][1],
        words=changes,
        reason=fault_words(one.reason) + (f" [{one.value[:60]}]" if one.value else ""),
    )
