"""What every page shows around its own content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, g, request, session

from webapp.auth.signed_in import SignedIn
from webapp.domain.roles import AUDITORS, READERS, Role
from webapp.domain.wording import Wording, say
from webapp.presenters.people.tour import TourStep, present_tour
from webapp.web.landings import DECIDERS, TRACERS
from webapp.web.sessions import CHANGE_STORE_PATH, SEVERAL_STORES, SIGN_OUT_PATH
from webapp.web.shortcuts import GO_ACTIVITY, GO_DECIDE, GO_ORDERS, GO_STOCK, HELP


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A link of the page's header, for those whose work it is part of."""

    label: Wording
    section: str
    """The blueprint it leads to, by which a page says where it belongs."""
    path: str
    icon: str
    shortcut: str
    """Two keys that lead there (static/js/shortcuts.js)."""
    roles: frozenset[Role]


NAVIGATION: Final = (
    NavigationItem(say("To decide"), "exceptions", "/exceptions", "list-checks", GO_DECIDE.keys, DECIDERS),
    NavigationItem(say("Activity"), "activity", "/activity", "activity", GO_ACTIVITY.keys, TRACERS),
    NavigationItem(say("Orders"), "orders", "/orders", "clipboard-list", GO_ORDERS.keys, READERS),
    NavigationItem(say("Stock"), "stock", "/stock", "warehouse", GO_STOCK.keys, READERS),
    NavigationItem(
        say("Exceptions"), "exceptions", "/exceptions", "triangle-alert", GO_DECIDE.keys, READERS - DECIDERS
    ),
    NavigationItem(say("Activity"), "activity", "/activity", "activity", GO_ACTIVITY.keys, AUDITORS - TRACERS),
)
"""What a role does first stands first."""


def register(app: Flask) -> None:
    """Give every template ``signed_in`` (or None), ``navigation``, ``section`` (a blueprint) and the header's paths.

    ``tour`` holds the steps of a tour that was not put away, on the pages that it speaks of; ``help_shortcut`` the
    key of help. ``change_store_path`` is None for those who work in one store only.
    """

    @app.context_processor
    def around_the_page() -> dict[str, Any]:
        signed_in = g.get("signed_in")
        return {
            "signed_in": signed_in,
            "navigation": _items_for(signed_in.role) if signed_in else (),
            "section": request.blueprint,
            "tour": _tour_of(signed_in) if signed_in else (),
            "help_shortcut": HELP.keys,
            "change_store_path": CHANGE_STORE_PATH if signed_in and SEVERAL_STORES in session else None,
            "sign_out_path": SIGN_OUT_PATH,
        }


def _tour_of(person: SignedIn) -> Sequence[TourStep]:
    return () if person.tour_ended else present_tour(person.role, request.endpoint or "")


def _items_for(role: Role) -> list[NavigationItem]:
    return [item for item in NAVIGATION if role in item.roles]
