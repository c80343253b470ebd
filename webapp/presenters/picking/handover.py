"""The page that hands an order over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from webapp.domain.assignments import find_own, mark_of, standing
from webapp.domain.progress import OrderProgress
from webapp.languages import _
from webapp.presenters.links import Links
from webapp.presenters.phrases.whose import say_since, say_whose
from webapp.presenters.pieces import Option
from webapp.presenters.refusals import Refusal
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class HandOverScreen:
    order_number: str
    customer_name: str
    pick_href: str
    path: str
    words: str
    """Whose it is; that it is nobody's if so."""
    mark: str
    key: str
    people: tuple[Option, ...]
    chosen: str
    message: str
    error: str


def present_hand_over(
    order: OrderProgress,
    people: Iterable[tuple[int, str]],
    viewer: Viewer,
    links: Links,
    now: datetime,
    nobody: str,
    refusal: Refusal,
) -> HandOverScreen:
    """Build the page. ``people`` are all who pack in the store; those who have the order are left out."""
    whose = standing(order.assignments, now, viewer.settings.idle_time)
    options = [Option(str(user_id), name) for user_id, name in people if find_own(whose, name) is None]
    return HandOverScreen(
        order_number=order.shown_number,
        customer_name=order.customer_name,
        pick_href=links.pick(order.id),
        path=links.hand_over(order.id),
        words=f"{say_whose(whose, viewer.actor)} {say_since(whose, now)}" if whose else _("With nobody"),
        mark=mark_of(whose),
        key=str(uuid4()),
        people=(*options, Option(nobody, _("Nobody: the next who asks for an order may get it"))),
        chosen=refusal.values.get("person", ""),
        message=refusal.message,
        error=refusal.errors.get("person", ""),
    )
