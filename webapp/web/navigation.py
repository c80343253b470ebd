"""What every page shows around its content: header, navigation, tour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from flask import Flask, g, request, session

from webapp.auth.signed_in import SignedIn
from webapp.domain.roles import ADMINS, AUDITORS, MANAGERS, READERS, Role
from webapp.domain.wording import Wording, say
from webapp.presenters.links import Links
from webapp.presenters.people.tour import TourStep, present_tour
from webapp.web import administration
from webapp.web.entry import SEVERAL_STORES
from webapp.web.landings import DECIDERS, TRACERS
from webapp.web.links import links
from webapp.web.shortcuts import GO_ACTIVITY, GO_DECIDE, GO_EXCEPTIONS, GO_IMPORT, GO_ORDERS, GO_STOCK, HELP


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A link in the header, shown to some roles."""

    label: Wording
    section: str
    """The blueprint of its pages, which marks the link as current."""
    path: Callable[[Links], str]
    icon: str
    shortcut: str
    """Two keys that open it (static/js/shell/shortcuts.js)."""
    roles: frozenset[Role]


NAVIGATION: Final = (
    NavigationItem(say("To decide"), "decisions", lambda to: to.exceptions(), "list-checks", GO_DECIDE.keys, DECIDERS),
    NavigationItem(say("Activity"), "activity", lambda to: to.activity(), "activity", GO_ACTIVITY.keys, TRACERS),
    NavigationItem(say("Orders"), "orders", lambda to: to.orders(), "clipboard-list", GO_ORDERS.keys, READERS),
    NavigationItem(say("Stock"), "stock", lambda to: to.stock(), "warehouse", GO_STOCK.keys, READERS),
    NavigationItem(say("Import"), "imports", lambda to: to.imports, "inbox", GO_IMPORT.keys, MANAGERS),
    NavigationItem(
        say("Exceptions"),
        "decisions",
        lambda to: to.exceptions(),
        "triangle-alert",
        GO_EXCEPTIONS.keys,
        READERS - DECIDERS,
    ),
    NavigationItem(
        say("Activity"), "activity", lambda to: to.activity(), "activity", GO_ACTIVITY.keys, AUDITORS - TRACERS
    ),
)
"""A role's first page comes first."""


@dataclass(frozen=True, slots=True)
class HeaderLink:
    """A link in the header, ready to render."""

    label: Wording
    section: str
    href: str
    icon: str
    shortcut: str


@dataclass(frozen=True, slots=True)
class HeaderPerson:
    """The signed-in person, as the header shows them."""

    username: str
    role: Role
    store_name: str


@dataclass(frozen=True, slots=True)
class Header:
    person: HeaderPerson | None
    navigation: tuple[HeaderLink, ...]
    help_shortcut: str
    may_change_store: bool
    """The person works in several stores."""
    may_administer: bool


def register(app: Flask) -> None:
    """Give every template ``signed_in`` (or None), its ``header`` and ``section`` (the current blueprint).

    ``tabs`` lead from one of an administrator's pages to the others. ``tour`` holds the steps that point at this
    page, until the person closes the tour.
    """

    @app.context_processor
    def around_the_page() -> dict[str, Any]:
        signed_in = g.get("signed_in")
        return {
            "signed_in": signed_in,
            "header": _header(signed_in),
            "section": request.blueprint,
            "tabs": administration.tabs_on(request.blueprint) if signed_in else (),
            "tour": _tour_of(signed_in) if signed_in else (),
        }


def _header(signed_in: SignedIn | None) -> Header:
    return Header(
        person=HeaderPerson(signed_in.username, signed_in.role, signed_in.store_name) if signed_in else None,
        navigation=_links_for(signed_in.role, links()) if signed_in else (),
        help_shortcut=HELP.keys,
        may_change_store=bool(signed_in) and SEVERAL_STORES in session,
        may_administer=signed_in is not None and signed_in.role in ADMINS,
    )


def _tour_of(person: SignedIn) -> tuple[TourStep, ...]:
    return () if person.tour_ended else tuple(present_tour(person.role, request.endpoint or ""))


@lru_cache(maxsize=64)
def _links_for(role: Role, to: Links) -> tuple[HeaderLink, ...]:
    return tuple(
        HeaderLink(item.label, item.section, item.path(to), item.icon, item.shortcut)
        for item in NAVIGATION
        if role in item.roles
    )
