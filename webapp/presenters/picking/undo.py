"""Undoing shipped lines: which the viewer may undo, and the toast about it."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.domain.progress import ItemProgress, OrderProgress, PackedLine
from webapp.languages import _
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.picking.seen import with_seen
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Toast:
    """A short message about what was done, shown for a few seconds where it covers no work."""

    words: str
    undo_path: str
    """Where to undo it; empty if that is not possible."""


def may_undo(order: OrderProgress, line: PackedLine, viewer: Viewer) -> bool:
    """Return whether the viewer may undo a line of ``order.recent_lines``."""
    if not order.may_undo or not viewer.may_undo(line.shipped_by):
        return False
    item = order.item(line.item_id)
    return item is not None and item.shipped - line.quantity >= item.returned


def undo_path(order: OrderProgress, line: PackedLine, links: Links) -> str:
    """Return where the screen undoes the line."""
    return with_seen(links.undo_line(order.id, line.id), order)


def say_shipped(order: OrderProgress, item: ItemProgress, viewer: Viewer, links: Links) -> Toast | None:
    """Return what the viewer has just shipped of an item; None if that was too long ago, or by somebody else."""
    line = order.newest_recent_lines.get(item.id)
    if line is None or line.shipped_by != viewer.actor:
        return None
    text = _("%(units)s × %(product)s shipped", units=line.quantity, product=words.item_name(item))
    return Toast(text, undo_path(order, line, links) if may_undo(order, line, viewer) else "")


def say_undone(item: ItemProgress, units: int) -> Toast:
    """Return that units of an item were undone."""
    return Toast(_("%(units)s × %(product)s undone", units=units, product=words.item_name(item)), "")
