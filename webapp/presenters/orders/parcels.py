"""An order's parcels: their lines, who packed them, and what can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.domain.progress import OrderProgress, Parcel, ParcelLine
from webapp.languages import _
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.phrases.moments import moment
from webapp.presenters.phrases.sentences import Sentence, fill_in
from webapp.presenters.picking.undo import may_undo
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ParcelLineRow:
    """Units of an item in a parcel."""

    words: str
    by: Sentence
    undone: Sentence
    """Who undid it and when; empty if nobody did."""
    undo_path: str
    """Where to undo it; empty if the viewer may not, or it is too late."""
    undo_name: str
    """The button's full label: what it undoes."""


@dataclass(frozen=True, slots=True)
class ParcelCard:
    title: str
    units: str
    """Units in it now, in words."""
    state: Sentence
    carrier: str
    """Carrier and tracking number, if known."""
    is_open: bool
    """Its lines are unfolded: somebody is packing it, or something can be undone."""
    lines: tuple[ParcelLineRow, ...]


def present_parcels(
    order: OrderProgress,
    parcels: Sequence[Parcel],
    viewer: Viewer,
    links: Links,
    now: datetime,
    undo_window: timedelta,
) -> tuple[ParcelCard, ...]:
    """Build the parcels, oldest first."""
    cards = []
    for number, parcel in enumerate(parcels, start=1):
        lines = tuple(_line(order, line, viewer, links, now, undo_window) for line in parcel.lines)
        cards.append(
            ParcelCard(
                title=_("Parcel %(number)s", number=number),
                units=words.units(sum(line.packed.quantity for line in parcel.lines if line.undone_at is None)),
                state=_state(parcel, now),
                carrier=" ".join(part for part in (parcel.carrier, parcel.tracking_number) if part),
                is_open=parcel.closed_at is None or any(line.undo_path for line in lines),
                lines=lines,
            )
        )
    return tuple(cards)


def _state(parcel: Parcel, now: datetime) -> Sentence:
    if parcel.closed_at:
        pattern, closed = _("Packed by %(who)s, closed %(when)s"), moment(parcel.closed_at, now)
        return fill_in(pattern, ("who",), who=parcel.packed_by, when=closed)
    return fill_in(_("Open: packed by %(who)s"), ("who",), who=parcel.packed_by)


def _line(
    order: OrderProgress, line: ParcelLine, viewer: Viewer, links: Links, now: datetime, undo_window: timedelta
) -> ParcelLineRow:
    packed, item = line.packed, order.item(line.packed.item_id)
    what = f"{packed.quantity} × {words.item_name(item) if item else ''}"
    is_in_time = line.undone_at is None and now - packed.shipped_at <= undo_window
    return ParcelLineRow(
        words=what,
        by=fill_in(_("%(who)s, %(when)s"), ("who",), who=packed.shipped_by, when=moment(packed.shipped_at, now)),
        undone=(
            fill_in(
                _("undone by %(who)s, %(when)s"), ("who",), who=line.undone_by or "", when=moment(line.undone_at, now)
            )
            if line.undone_at
            else ()
        ),
        undo_path=links.undo_line(order.id, packed.id) if is_in_time and may_undo(order, packed, viewer) else "",
        undo_name=_("Undo %(what)s", what=what),
    )
