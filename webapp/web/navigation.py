"""What every page shows around its own content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from flask import Flask, g, request, session, url_for

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
    NavigationItem(say("To decide"), "decisions", "/exceptions", "list-checks", GO_DECIDE.keys, DECIDERS),
    NavigationItem(say("Activity"), "activity", "/activity", "activity", GO_ACTIVITY.keys, TRACERS),
    NavigationItem(say("Orders"), "orders", "/orders", "clipboard-list", GO_ORDERS.keys, READERS),
    NavigationItem(say("Stock"), "stock", "/stock", "warehouse", GO_STOCK.keys, READERS),
    NavigationItem(say("Exceptions"), "decisions", "/exceptions", "triangle-alert", GO_DECIDE.keys, READERS - DECIDERS),
    NavigationItem(say("Activity"), "activity", "/activity", "activity", GO_ACTIVITY.keys, AUDITORS - TRACERS),
)
"""What a role does first stands first."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, as the header says it."""

    username: str
    role: Role
    store_name: str


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above every page."""

    person: Person | None
    navigation: tuple[NavigationItem, ...]
    help_path: str
    help_shortcut: str
    language_path: str
    tour_path: str
    change_store_path: str | None
    """None for those who work in one store only."""
    sign_out_path: str


def register(app: Flask) -> None:
    """Give every template ``signed_in`` (or None), its ``header`` and ``section`` (a blueprint).

    ``tour`` holds the steps of a tour that was not put away, on the pages that it speaks of.
    """

    @app.context_processor
    def around_the_page() -> dict[str, Any]:
        signed_in = g.get("signed_in")
        return {
            "signed_in": signed_in,
            "header": _header(signed_in),
            "section": request.blueprint,
            "tour": _tour_of(signed_in) if signed_in else (),
        }


class _Paths(NamedTuple):
    help: str
    language: str
    tour: str


@lru_cache(8)
def _paths(_script_root: str) -> _Paths:
    """Return the header's addresses; they differ only in where the program is mounted."""
    return _Paths(url_for("shortcuts.index"), url_for("languages.create"), url_for("tours.change"))


def _header(signed_in: SignedIn | None) -> Header:
    paths = _paths(request.script_root)
    return Header(
        person=Person(signed_in.username, signed_in.role, signed_in.store_name) if signed_in else None,
        navigation=_items_for(signed_in.role) if signed_in else (),
        help_path=paths.help,
        help_shortcut=HELP.keys,
        language_path=paths.language,
        tour_path=paths.tour,
        change_store_path=CHANGE_STORE_PATH if signed_in and SEVERAL_STORES in session else None,
        sign_out_path=SIGN_OUT_PATH,
    )


def _tour_of(person: SignedIn) -> tuple[TourStep, ...]:
    return () if person.tour_ended else tuple(present_tour(person.role, request.endpoint or ""))


@cache
def _items_for(role: Role) -> tuple[NavigationItem, ...]:
    return tuple(item for item in NAVIGATION if role in item.roles)
