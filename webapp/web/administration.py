"""The pages of administrators, to which one link in the menu leads: tabs lead from each to the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from webapp.domain.wording import Wording, say
from webapp.languages import translate
from webapp.presenters.links import Links
from webapp.presenters.pieces import View
from webapp.web.links import links


@dataclass(frozen=True, slots=True)
class Tab:
    """A page, by the blueprint that marks its tab as current."""

    label: Wording
    section: str
    path: Callable[[Links], str]


TABS: Final = (
    Tab(say("How the store works"), "settings", lambda to: to.settings),
    Tab(say("People"), "people", lambda to: to.people),
    Tab(say("Tokens"), "tokens", lambda to: to.tokens),
    Tab(say("Channels"), "channels", lambda to: to.channels),
    Tab(say("Stores"), "stores", lambda to: to.stores),
    Tab(say("Backups"), "backups", lambda to: to.backups()),
)


def tabs_on(blueprint: str | None) -> list[View]:
    """Return the tabs of an administrator's page; none on any other page."""
    if all(tab.section != blueprint for tab in TABS):
        return []
    return [View(translate(tab.label), tab.path(links()), tab.section == blueprint) for tab in TABS]
