"""What a stock action did, in a sentence: how many units of how many items, and what it had to leave behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from webapp.domain.skips import SKIP_WORDS, SkipReason
from webapp.presenters import words

_VERBS: Final = {"fulfilled": "Shipped", "reserved": "Reserved", "released": "Released"}


def tell(result: Mapping[str, Any] | None) -> tuple[str, str]:
    """Return (sentence, kind of notice) for a service's result of reserving, shipping or releasing."""
    if result is None:
        return "Done.", "success"
    verb = next(verb for verb in _VERBS if f"{verb}_count" in result)
    moved, of_items = result[f"{verb}_units"], result[f"{verb}_count"]
    done = f"{_VERBS[verb]} {words.units(moved)} of {words.count(of_items, 'item')}."
    skipped: Sequence[Mapping[str, Any]] = result["skipped_items"]
    if not skipped:
        return done, "success"
    return f"{done} {_left_behind(skipped)}", "warning"


def _left_behind(skipped: Sequence[Mapping[str, Any]]) -> str:
    by_reason: dict[str, int] = {}
    for item in skipped:
        by_reason[item["reason"]] = by_reason.get(item["reason"], 0) + item["quantity"]
    reasons = "; ".join(f"{SKIP_WORDS[SkipReason(reason)]} ({words.units(n)})" for reason, n in by_reason.items())
    return f"{words.count(len(skipped), 'item')} left behind, listed as an exception: {reasons}."
