"""One order's page: its status and next step, items, parcels, and what the viewer may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.domain.progress import OrderProgress, Parcel
from webapp.domain.statuses import OrderStatus, StatusChanged, may_change
from webapp.languages import _
from webapp.presenters.links import Links
from webapp.presenters.orders.closed import ClosedBanner, present_closed
from webapp.presenters.orders.items import ItemList, present_order_items
from webapp.presenters.orders.parcel_data import ParcelDataCard, present_parcel_data
from webapp.presenters.orders.parcels import ParcelCard, present_parcels
from webapp.presenters.orders.status_actions import StatusAction, present_status_actions
from webapp.presenters.phrases import words
from webapp.presenters.phrases.moments import Moment, due, moment
from webapp.presenters.phrases.sentences import Sentence, fill_in
from webapp.presenters.picking.packing_note import PackingNotePanel, present_packing_note
from webapp.presenters.picking.shipment_status import ShipmentStatusPanel, present_shipment_status
from webapp.presenters.picking.whose import WhosePanel, present_whose
from webapp.presenters.pieces import Fact
from webapp.presenters.trail.words import person
from webapp.presenters.viewer import Viewer


@dataclass(frozen=True, slots=True)
class OrderPage:
    order_number: str
    customer_name: str
    path: str
    status_path: str
    trail_href: str
    cancel_href: str
    pick_href: str
    due: Moment | None
    """The promised time; None once everything has shipped."""
    is_late: bool
    closed: ClosedBanner | None
    release_path: str
    """Where to release it from its hold; empty if it is not on hold, or the viewer may not."""
    facts: tuple[Fact, ...]
    note: PackingNotePanel | None
    parcel: ParcelDataCard | None
    erased: Sentence
    """Who erased the customer's data, and when; empty if nobody did."""
    erase_href: str
    """Where to erase them; empty if the viewer may not, or nothing is left of them."""
    items: ItemList
    parcels: tuple[ParcelCard, ...]
    next_step: StatusAction | None
    """The usual next status, if the viewer may set it."""
    actions: tuple[StatusAction, ...]
    """The other statuses that the viewer may set."""
    may_pick: bool
    may_cancel: bool
    status: ShipmentStatusPanel
    whose: WhosePanel


def present_order_page(
    order: OrderProgress,
    parcels: Sequence[Parcel],
    closed: StatusChanged | None,
    viewer: Viewer,
    links: Links,
    now: datetime,
    undo_window: timedelta,
    message: str = "",
) -> OrderPage:
    """Build the page. ``closed`` says how a cancelled or refunded order got its status; ``message`` is a refusal."""
    status = present_shipment_status(order, viewer, links, now, message)
    actions = present_status_actions(order) if viewer.may_manage else ()
    if status.ship_all:  # It asks there what happens to units that cannot ship.
        actions = tuple(action for action in actions if action.status is not OrderStatus.SHIPPED)
    next_step = next((action for action in actions if action.is_main), None)
    return OrderPage(
        order_number=order.shown_number,
        customer_name=order.customer_name,
        path=links.order(order.id),
        status_path=links.order_status(order.id),
        trail_href=links.trail(order.id),
        cancel_href=links.cancel_order(order.id),
        pick_href=links.pick(order.id),
        due=due(order.ship_by, now) if order.may_ship else None,
        is_late=order.ship_by < now and order.may_ship,
        closed=present_closed(closed, now) if closed else None,
        release_path=links.release_hold(order.id) if order.hold and order.may_ship and viewer.may_manage else "",
        facts=_facts(order),
        note=present_packing_note(order, viewer, links, now),
        parcel=present_parcel_data(order.parcel_data, with_contact=True),
        erased=_erased(order, now),
        erase_href=links.erase_person(order.id) if _may_erase(order, viewer) else "",
        items=present_order_items(order, viewer, links),
        parcels=present_parcels(order, parcels, viewer, links, now, undo_window),
        next_step=next_step,
        actions=tuple(action for action in actions if action is not next_step),
        may_pick=viewer.may_ship and order.may_pick,
        may_cancel=viewer.may_manage and may_change(order.status, OrderStatus.CANCELLED),
        status=status,
        whose=present_whose(order, viewer, links, now, asks=False),
    )


def _may_erase(order: OrderProgress, viewer: Viewer) -> bool:
    return viewer.may_erase and not order.is_erased and not order.may_ship


def _erased(order: OrderProgress, now: datetime) -> Sentence:
    if order.erased_at is None:
        return ()
    by, at = person(order.erased_by), moment(order.erased_at, now)
    return fill_in(_("%(who)s erased the customer's data, %(when)s."), who=by, when=at)


def _facts(order: OrderProgress) -> tuple[Fact, ...]:
    facts = (
        Fact(_("Customer"), order.customer_name),
        Fact(_("Ship by"), words.moment(order.ship_by)),
        Fact(_("Ordered"), words.moment(order.ordered_at)),
        Fact(_("Channel"), order.channel),
    )
    return tuple(fact for fact in facts if fact.value)
