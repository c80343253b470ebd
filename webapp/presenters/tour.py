"""The tour of what each role does first: a few sentences that point at what they speak of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from webapp.domain.roles import Role
from webapp.domain.wording import Wording, say
from webapp.languages import translate

_ORDERS, _PICK, _DECIDE, _ACTIVITY = "orders.index", "picking.show", "exceptions.index", "activity.index"
_TO_STOCK, _TO_ORDERS = ".navigation a[href='/stock']", ".navigation a[href='/orders']"


@dataclass(frozen=True, slots=True)
class _Step:
    page: str
    """Endpoint of the page on which there is something to point at."""

    points_at: str
    """CSS selector of it; of several the first that shows."""

    words: Wording


@dataclass(frozen=True, slots=True)
class TourStep:
    """One sentence, and a CSS selector of what it points at on this page; blank where that is on another one."""

    words: str
    points_at: str


_STEPS: Final[dict[Role, tuple[_Step, ...]]] = {
    Role.PACKER: (
        _Step(_ORDERS, ".next-order, main h1", say("The order to pick next stands at the top: open it and walk.")),
        _Step(_ORDERS, ".search", say("Look for any other order by its number, its customer or a product.")),
        _Step(_PICK, ".item__ship, .item", say("Say how many you took, then Ship: the button says what it will do.")),
        _Step(
            _PICK,
            "#shipment-status",
            say("What has left and what is missing always stands here. A slip can be undone."),
        ),
    ),
    Role.MANAGER: (
        _Step(
            _DECIDE, ".tiles", say("Your day begins here: late orders, orders to start, lines to match, exceptions.")
        ),
        _Step(
            _DECIDE,
            ".exception__steps, #exceptions",
            say("Each exception shows what you can do, the best option first."),
        ),
        _Step(_DECIDE, _TO_STOCK, say("Stock shows who holds each unit, and lets you put a count right.")),
        _Step(
            _DECIDE,
            _TO_ORDERS,
            say("Orders are started and cancelled from their own page; a receipt shows first what that does."),
        ),
    ),
    Role.SUPERVISOR: (
        _Step(
            _ACTIVITY,
            "main h1",
            say("Here is all that happened in the store, the newest first: who, what, how many, where."),
        ),
        _Step(_ACTIVITY, "#activity form", say("Narrow it down to a person, a day or a kind of change.")),
        _Step(
            _ACTIVITY,
            _TO_ORDERS,
            say("Each order has its own trail, with the numbers before and after; print it, or take it as CSV."),
        ),
    ),
    Role.ADMIN: (
        _Step(_DECIDE, ".tiles", say("What waits for a manager stands here: you see it all, and change none of it.")),
        _Step(_DECIDE, _TO_ORDERS, say("Each order has its own trail: who did what, when and why.")),
        _Step(_DECIDE, ".person-menu", say("Language, appearance and this tour are in the menu with your name.")),
    ),
}


def present_tour(role: Role, page: str) -> Sequence[TourStep]:
    """Return the steps of a role's tour on the page with this endpoint; none where nothing there belongs to it."""
    steps = _STEPS[role]
    if all(step.page != page for step in steps):
        return ()
    return [TourStep(translate(step.words), step.points_at if step.page == page else "") for step in steps]
