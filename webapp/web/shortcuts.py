"""Every key that does something, in one place: templates take their keys from here, and so does the page of help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template

from webapp.auth.guard import requires
from webapp.domain.roles import READERS
from webapp.domain.wording import Wording, say
from webapp.web.requests import is_htmx

blueprint = Blueprint("shortcuts", __name__)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys that do something: one, or some that are pressed one after the other, as the script of that name has it."""

    keys: str
    label: Wording
    others: tuple[str, ...] = ()
    """Further keys that belong to the same sentence."""

    @property
    def alternatives(self) -> tuple[tuple[str, ...], ...]:
        """The ways to press it, each as the keys in their order."""
        return tuple(tuple(keys.split(" ")) for keys in (self.keys, *self.others))


HELP: Final = Shortcut("?", say("Show these shortcuts"))
GO_ORDERS: Final = Shortcut("g o", say("Go to the orders"))
GO_STOCK: Final = Shortcut("g s", say("Go to the stock"))
GO_DECIDE: Final = Shortcut("g e", say("Go to To decide"))
GO_ACTIVITY: Final = Shortcut("g a", say("Go to Activity"))
SEARCH: Final = Shortcut("/", say("Search"))
NEXT_ORDER: Final = Shortcut("n", say("Pick the next order"))
PICK: Final = Shortcut("p", say("Pick the selected order, or the first one"))
UNDO: Final = Shortcut("u", say("Undo what was just shipped"))
WALK: Final = Shortcut("j", say("Move to the next or the previous row"), ("k",))

SCREENS: Final[tuple[tuple[Wording, tuple[Shortcut, ...]], ...]] = (
    (say("Everywhere"), (HELP, GO_ORDERS, GO_STOCK, GO_DECIDE, GO_ACTIVITY)),
    (say("In a list"), (WALK, SEARCH)),
    (say("In the list of orders"), (NEXT_ORDER, PICK)),
    (say("While picking"), (UNDO,)),
)
"""All of them, by where they work."""


@blueprint.get("/shortcuts")
@requires(READERS)
def index() -> str:
    """List every shortcut, as a page of its own or, asked for in place, as a dialog."""
    template = "panels/shell/_shortcuts_dialog.html" if is_htmx() else "pages/shell/shortcuts.html"
    return render_template(template, screens=SCREENS)
