"""All keyboard shortcuts. Templates and the help page take their keys from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, g, render_template

from webapp.auth.guard import requires
from webapp.domain.roles import AUDITORS, MANAGERS, READERS, SHIPPERS, Role
from webapp.domain.wording import Wording, say
from webapp.web.landings import DECIDERS
from webapp.web.requests import is_htmx

blueprint = Blueprint("shortcuts", __name__)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut: one key, or keys pressed one after the other, as in static/js/shell/shortcuts.js."""

    keys: str
    label: Wording
    others: tuple[str, ...] = ()
    """Other keys with the same description."""
    roles: frozenset[Role] = READERS
    """Who has what it presses; the help leaves it out for others."""

    @property
    def alternatives(self) -> tuple[tuple[str, ...], ...]:
        """Each way to press it, as its keys in order."""
        return tuple(tuple(keys.split(" ")) for keys in (self.keys, *self.others))


HELP: Final = Shortcut("?", say("Show these shortcuts"))
GO_ORDERS: Final = Shortcut("g o", say("Go to the orders"))
GO_STOCK: Final = Shortcut("g s", say("Go to the stock"))
GO_DECIDE: Final = Shortcut("g e", say("Go to To decide"), roles=DECIDERS)
GO_EXCEPTIONS: Final = Shortcut(GO_DECIDE.keys, say("Go to the exceptions"), roles=READERS - DECIDERS)
GO_ACTIVITY: Final = Shortcut("g a", say("Go to Activity"), roles=AUDITORS)
GO_IMPORT: Final = Shortcut("g i", say("Go to Import"), roles=MANAGERS)
SEARCH: Final = Shortcut("/", say("Search"))
NEXT_ORDER: Final = Shortcut("n", say("Pick the next order"), roles=SHIPPERS)
PICK: Final = Shortcut("p", say("Pick the selected order, or the first one"), roles=SHIPPERS)
UNDO: Final = Shortcut("u", say("Undo what was just shipped"), roles=SHIPPERS)
WALK: Final = Shortcut("j", say("Move to the next or the previous row"), ("k",))

SCREENS: Final[tuple[tuple[Wording, tuple[Shortcut, ...]], ...]] = (
    (say("Everywhere"), (HELP, GO_ORDERS, GO_STOCK, GO_DECIDE, GO_EXCEPTIONS, GO_ACTIVITY, GO_IMPORT)),
    (say("In a list"), (WALK, SEARCH)),
    (say("In the list of orders"), (NEXT_ORDER, PICK)),
    (say("While picking"), (UNDO,)),
)
"""All shortcuts, by the screen they work on."""


@blueprint.get("/shortcuts")
@requires(READERS)
def index() -> str:
    """List the reader's shortcuts, as a page or, for htmx, as a dialog."""
    template = "panels/shell/_shortcuts_dialog.html" if is_htmx() else "pages/shell/shortcuts.html"
    return render_template(template, screens=shortcuts_of(g.signed_in.role))


def shortcuts_of(role: Role) -> list[tuple[Wording, list[Shortcut]]]:
    """Return the shortcuts that do something for a role, by screen, without screens that have none."""
    own = [(screen, [one for one in shortcuts if role in one.roles]) for screen, shortcuts in SCREENS]
    return [(screen, shortcuts) for screen, shortcuts in own if shortcuts]
