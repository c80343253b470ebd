"""The packing note: what the shop tells the packer, and who read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from webapp.domain.parcel_data import mark_of
from webapp.domain.progress import OrderProgress
from webapp.languages import _
from webapp.presenters.links import Links
from webapp.presenters.phrases.moments import moment
from webapp.presenters.phrases.sentences import Sentence, fill_in
from webapp.presenters.trail.words import person
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class PackingNotePanel:
    note: str
    mark: str
    """The mark of this note: the form says by it what the person saw."""
    path: str
    """Where to confirm it; empty if it is read, or the viewer does not ship."""
    key: str
    read: Sentence
    """Who read it and when; empty while nobody has."""
    message: str
    """A refusal about the note."""


def present_packing_note(
    order: OrderProgress, viewer: Viewer, links: Links, now: datetime, message: str = ""
) -> PackingNotePanel | None:
    """Build the panel; None for an order without a packing note. The order must be read with its parcel data."""
    note = order.parcel_data.packing_note
    if not note:
        return None
    read: Sentence = ()
    if order.note_read_at is not None:
        at = moment(order.note_read_at, now)
        read = fill_in(_("Read by %(who)s, %(when)s"), who=person(order.note_read_by), when=at)
    return PackingNotePanel(
        note=note,
        mark=mark_of(note),
        path=links.packing_note(order.id) if viewer.may_ship and order.may_ship and order.note_is_unread else "",
        key=str(uuid4()),
        read=read,
        message=message,
    )
