"""The tour of each role's first steps: a few sentences, each pointing at a part of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from webapp.domain.roles import Role
from webapp.domain.wording import Wording, say
from webapp.languages import translate

_ORDERS, _PICK, _DECIDE, _ACTIVITY = "orders.index", "picking.show", "decisions.index", "activity.index"
_TO_STOCK, _TO_ORDERS = ".navigation a[href='/stock']", ".navigation a[href='/orders']"


@dataclass(frozen=True, slots=True)
class _Step:
    page: str
    """Endpoint of the page it points at."""

    points_at: str
    """CSS selector of the element; of several, the first visible one."""

    words: Wording


@dataclass(frozen=True, slots=True)
class TourStep:
    """One sentence, and the selector of its element on this page; blank if that is on another page."""

    words: str
    points_at: str


_STEPS: Final[dict[Role, tuple[_Step, ...]]] = {
    Role.PACKER: (
        _Step(_ORDERS, ".next-order, main h1", say("The next order to pick is at the top. Open it and go.")),
        _Step(_ORDERS, ".search", say("Find any other order by number, customer or product.")),
        _Step(
            _PICK,
            ".item__ship, .item",
            say("Scan each unit that you take: a scan counts one. Or enter how many, then tap Ship."),
        ),
        _Step(
            _PICK,
            "#shipment-status",
            say("What has shipped and what is missing is always here. A mistake can be undone."),
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
        _Step(_DECIDE, _TO_STOCK, say("Stock shows which order holds each unit, and lets you correct a count.")),
        _Step(
            _DECIDE,
            _TO_ORDERS,
            say("Start and cancel an order on its own page. A receipt first shows what will happen."),
        ),
    ),
    Role.SUPERVISOR: (
        _Step(
            _ACTIVITY,
            "main h1",
            say("Everything that happened in the store is here, newest first: who, what, how many, where."),
        ),
        _Step(_ACTIVITY, "#activity form", say("Narrow it down to a person, a day or a kind of change.")),
        _Step(
            _ACTIVITY,
            _TO_ORDERS,
            say("Each order has its own trail, with the numbers before and after; print it, or take it as CSV."),
        ),
    ),
    Role.ADMIN: (
        _Step(
            _DECIDE,
            ".tiles",
            say("What is waiting for a manager is here. You can see all of it; managers decide."),
        ),
        _Step(_DECIDE, _TO_ORDERS, say("Each order has its own trail: who did what, when and why.")),
        _Step(_DECIDE, ".person-menu", say("Settings, people and this tour are in the menu with your name.")),
    ),
}


def present_tour(role: Role, page: str) -> Sequence[TourStep]:
    """Return the steps of a role's tour on the page of this endpoint; none if no step belongs there."""
    steps = _STEPS[role]
    if all(step.page != page for step in steps):
        return ()
    return [TourStep(translate(step.words), step.points_at if step.page == page else "") for step in steps]
