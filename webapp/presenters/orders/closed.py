"""Who closed an order, why and when: on its page, and on the pick screen that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.domain.statuses import OrderStatus, StatusChanged
from webapp.languages import _
from webapp.presenters.phrases.moments import Moment, moment
from webapp.presenters.phrases.reasons import reason_words
from webapp.presenters.trail.words import person


@dataclass(frozen=True, slots=True)
class ClosedBanner:
    """Who closed the order, why and when."""

    title: str
    reason: str
    """Empty if none was given."""
    at: Moment


def present_closed(closed: StatusChanged, now: datetime) -> ClosedBanner:
    """Say who cancelled the order, or marked it as refunded, why and when."""
    who = person(closed.actor)
    if closed.status is OrderStatus.REFUNDED:
        title = _("%(who)s marked this order as refunded", who=who)
    else:
        title = _("%(who)s cancelled this order", who=who)
    return ClosedBanner(title=title, reason=reason_words(closed.reason), at=moment(closed.at, now))
