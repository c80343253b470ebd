"""The notice of a stock action: how many units of how many items, and what it skipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from webapp.domain.causes import CAUSES, Cause
from webapp.languages import _, ngettext, translate
from webapp.presenters.phrases import words
from webapp.presenters.pieces import Notice


def result_notice(result: Mapping[str, Any] | None) -> Notice:
    """Return the notice of reserving, shipping or releasing."""
    if result is None:
        return Notice(_("Done."))
    done = _done(result)
    skipped: Sequence[Mapping[str, Any]] = result["skipped_items"]
    if not skipped:
        return Notice(done)
    return Notice(f"{done} {_left_behind(skipped)}", "warning")


def _done(result: Mapping[str, Any]) -> str:
    if "fulfilled_count" in result:
        return _("Shipped %(units)s of %(items)s.", **_movement(result, "fulfilled"))
    if "reserved_count" in result:
        return _("Reserved %(units)s of %(items)s.", **_movement(result, "reserved"))
    return _("Released %(units)s of %(items)s.", **_movement(result, "released"))


def _movement(result: Mapping[str, Any], act: str) -> dict[str, str]:
    return {"units": words.units(result[f"{act}_units"]), "items": words.items(result[f"{act}_count"])}


def _left_behind(skipped: Sequence[Mapping[str, Any]]) -> str:
    by_reason: dict[str, int] = {}
    for item in skipped:
        by_reason[item["reason"]] = by_reason.get(item["reason"], 0) + item["quantity"]
    causes = (
        _("%(cause)s (%(units)s)", cause=translate(CAUSES[Cause(reason)].words), units=words.units(units))
        for reason, units in by_reason.items()
    )
    return ngettext(
        "%(num)s item left behind, listed as an exception: %(causes)s.",
        "%(num)s items left behind, listed as an exception: %(causes)s.",
        len(skipped),
        causes="; ".join(causes),
    )
