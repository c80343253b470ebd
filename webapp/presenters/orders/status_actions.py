"""The statuses that a manager may set, and what each does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.domain.progress import OrderProgress
from webapp.domain.statuses import OrderStatus, may_change
from webapp.languages import _, ngettext


@dataclass(frozen=True, slots=True)
class StatusAction:
    """A status that a manager may set, and what it does."""

    status: OrderStatus
    label: str
    effect: str
    confirmation: str
    """Label of the button that confirms a large effect; empty if no confirmation is needed."""
    is_main: bool
    """The usual next step."""


def present_status_actions(order: OrderProgress) -> tuple[StatusAction, ...]:
    """Return the statuses that the order may change to, the usual next step first."""
    return tuple(action for action in _all_actions(order.remaining) if may_change(order.status, action.status))


def _all_actions(left: int) -> Iterable[StatusAction]:
    yield StatusAction(
        OrderStatus.PROCESSING,
        _("Start processing"),
        ngettext(
            "Reserves %(num)s unit. What is not in stock waits as a backorder.",
            "Reserves %(num)s units. What is not in stock waits as a backorder.",
            left,
        ),
        confirmation="",
        is_main=True,
    )
    yield StatusAction(
        OrderStatus.DELIVERED,
        _("Mark as delivered"),
        _("The customer has it. Stock stays as it is."),
        confirmation="",
        is_main=True,
    )
    yield StatusAction(
        OrderStatus.SHIPPED,
        _("Mark as shipped"),
        ngettext(
            "Ships the %(num)s unit left, if it is in stock, and closes the order. "
            "What is not in stock is listed as an exception to settle.",
            "Ships the %(num)s units left, as far as stock goes, and closes the order. "
            "What is not in stock is listed as an exception to settle.",
            left,
        ),
        confirmation=_("Yes, mark as shipped"),
        is_main=False,
    )
    yield StatusAction(
        OrderStatus.REFUNDED,
        _("Mark as refunded"),
        _("The customer got the money back. Stock stays as it is: book units that come back as a return."),
        confirmation=_("Yes, mark as refunded"),
        is_main=False,
    )
