"""What a product's page says of merges: that it was merged with another one, and which were merged into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from webapp.domain.merges import MergedTwin
from webapp.languages import _
from webapp.presenters.links import Links
from webapp.presenters.phrases import words
from webapp.presenters.phrases.moments import Moment, moment
from webapp.presenters.pieces import Link, Notice
from webapp.presenters.trail.words import person


@dataclass(frozen=True, slots=True)
class MergedNotice:
    """Says on a product's page that it was merged with another one, which has everything now."""

    sentence: str
    at: Moment
    link: Link
    undo_action: str
    key: str


@dataclass(frozen=True, slots=True)
class MergedRow:
    """A product that was merged into the one on the page."""

    name: str
    href: str
    by: str
    at: Moment


def present_merged(merges: Sequence[MergedTwin], product_id: int, links: Links, now: datetime) -> MergedNotice | None:
    """Return the notice of a product that was merged with another one."""
    twin = next((one for one in merges if one.is_survivor), None)
    if twin is None:
        return None
    return MergedNotice(
        sentence=_(
            "%(who)s merged this product with %(sku)s, which has its stock, open lines and codes now. Lines that had "
            "shipped, and the movements until then, stay here.",
            who=person(twin.merged_by),
            sku=twin.sku,
        ),
        at=moment(twin.merged_at, now),
        link=Link(_("Open %(product)s", product=twin.name or twin.sku), links.product(twin.product_id)),
        undo_action=links.undo_merge(product_id),
        key=str(uuid4()),
    )


def present_merged_here(merges: Sequence[MergedTwin], links: Links, now: datetime) -> tuple[MergedRow, ...]:
    """Return the products that were merged into this one."""
    return tuple(
        MergedRow(one.sku, links.product(one.product_id), person(one.merged_by), moment(one.merged_at, now))
        for one in merges
        if not one.is_survivor
    )


def merge_words(result: Mapping[str, Any]) -> Notice:
    """Return the notice of a merge."""
    if not result["is_new"]:
        return Notice(_("The two products were merged already."), "info")
    return Notice(
        _(
            "Merged: %(units)s and %(lines)s are of %(sku)s now.",
            units=words.units(result["units"]),
            lines=words.lines(result["lines"]),
            sku=result["sku"],
        )
    )


def undo_words(result: Mapping[str, Any]) -> Notice:
    """Return the notice of a merge that was undone."""
    if not result["is_new"]:
        return Notice(_("The merge was undone already."), "info")
    return Notice(
        _(
            "The merge is undone: %(units)s and %(lines)s are of %(sku)s again.",
            units=words.units(result["units"]),
            lines=words.lines(result["lines"]),
            sku=result["sku"],
        )
    )
