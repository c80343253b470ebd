"""What every page shows around its own content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, g, request, session

from webapp.domain.roles import READERS, Role
from webapp.web.sessions import CHANGE_STORE_PATH, SEVERAL_STORES, SIGN_OUT_PATH


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A link of the page's header, for those whose role may follow it."""

    label: str
    section: str
    """The blueprint it leads to, by which a page says where it belongs."""
    path: str
    icon: str
    roles: frozenset[Role]


NAVIGATION: Final = (
    NavigationItem("Orders", "orders", "/orders", "clipboard-list", READERS),
    NavigationItem("Stock", "stock", "/stock", "warehouse", READERS),
    NavigationItem("Exceptions", "exceptions", "/exceptions", "triangle-alert", READERS),
)


def register(app: Flask) -> None:
    """Give every template ``signed_in`` (or None), ``navigation``, ``section`` (a blueprint) and the header's paths.

    ``change_store_path`` is None for those who work in one store only.
    """

    @app.context_processor
    def around_the_page() -> dict[str, Any]:
        signed_in = g.get("signed_in")
        return {
            "signed_in": signed_in,
            "navigation": _items_for(signed_in.role) if signed_in else (),
            "section": request.blueprint,
            "change_store_path": CHANGE_STORE_PATH if signed_in and SEVERAL_STORES in session else None,
            "sign_out_path": SIGN_OUT_PATH,
        }


def _items_for(role: Role) -> list[NavigationItem]:
    return [item for item in NAVIGATION if role in item.roles]
