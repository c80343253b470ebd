"""Responses on the pick screen: changed panels for htmx, the whole screen otherwise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from flask import Response, g, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from webapp.domain.clock import utc_now
from webapp.domain.progress import OrderProgress
from webapp.domain.quantities import parse_id
from webapp.domain.statuses import CLOSED_STATUSES
from webapp.extensions import db
from webapp.presenters.orders.parcel_data import present_parcel_data
from webapp.presenters.picking.found_units import asks_for_found_units
from webapp.presenters.picking.item import present_item
from webapp.presenters.picking.packing_note import present_packing_note
from webapp.presenters.picking.screen import NO_SCAN, Scan, present_done_words, present_pick_screen
from webapp.presenters.picking.shipment_status import present_shipment_status
from webapp.presenters.picking.stopped import Stopped, present_stopped
from webapp.presenters.picking.undo import Toast, say_shipped, say_undone
from webapp.presenters.picking.whose import WhosePanel, as_reader, present_whose
from webapp.presenters.refusals import Refusal
from webapp.presenters.viewer import Viewer
from webapp.services.engine import shop_news
from webapp.services.reads import order_details, put_back, stock_queries
from webapp.web.answers import render_panel
from webapp.web.assigning import as_opened
from webapp.web.links import links
from webapp.web.order_reading import read_item, read_order
from webapp.web.requests import is_htmx, viewer

MAX_CHANGED: Final = 40
"""Most item panels sent one by one; with more changes the page reloads."""


def answer_item(
    order_id: int, item_id: int, refusal: Refusal | None = None, seen_changes: int | None = None
) -> BaseResponse:
    """Respond to an action on one item: its panel and the shipment status, or the screen.

    After a refusal because the shop changed the order all open items are drawn again: who reads it has seen the change.
    ``seen_changes`` is how many changes the screen shows otherwise.
    """
    if not is_htmx() and refusal is None:
        return redirect(links().item_to_pick(order_id, item_id), 303)
    for_page = not is_htmx() or _is_about_note(refusal) or _is_of_shop(refusal)
    order, item = read_item(order_id, item_id, for_page=for_page)
    order = as_opened(order, for_page=for_page)
    if refusal and asks_for_found_units(refusal):
        item.known_places = stock_queries.read_return_places(db.session(), g.store_id, order_id, item_id)
    if not is_htmx():
        return pick_page(order, item_id=item_id, refusal=refusal)
    news = None if refusal else say_shipped(order, item, viewer(), links())
    others = [one.id for one in order.items if not one.is_done and one is not item] if _is_of_shop(refusal) else []
    if len(others) > MAX_CHANGED:
        return _reloaded(refusal)
    if not _is_of_shop(refusal):
        order = as_seen(order, seen_changes)
    return _panels(order, others, refusal, item_id=item_id, news=news)


def answer_order(order_id: int, *, since: int | None = None, refusal: Refusal | None = None) -> BaseResponse:
    """Respond to an action on the whole order: the shipment status, and the items changed after ``since``."""
    if is_htmx():
        order = as_seen(as_opened(read_order(order_id, for_page=_is_about_note(refusal))), seen_changes())
        return changed_panels(order, since, refusal)
    if refusal is None:
        return redirect(links().pick(order_id), 303)
    return pick_page(read_order(order_id, for_page=True), refusal=refusal)


def answer_assigned(order_id: int, refusal: Refusal | None = None) -> BaseResponse:
    """Respond to a change of whose the order is: the panels about it and the open items, or the screen."""
    order = read_order(order_id, for_page=not is_htmx())
    if not is_htmx():
        return redirect(links().pick(order_id), 303) if refusal is None else pick_page(order, refusal=refusal)
    to_do = [item.id for item in order.items if not item.is_done]
    if len(to_do) > MAX_CHANGED:
        return _reloaded(refusal)
    return _panels(as_seen(order, seen_changes()), to_do, refusal, whose_mark="-")


def seen_changes() -> int:
    """Return how many changes of the shop the screen shows that asks; an address leaves out none."""
    return parse_id(request.args.get("changes", "")) or 0


def answer_undone(order_id: int, item_id: int, units: int) -> BaseResponse:
    """Respond to an undo: the shipment status, the item, and a toast."""
    if not is_htmx():
        return redirect(links().pick(order_id), 303)
    order, item = read_item(order_id, item_id)
    return _panels(as_seen(as_opened(order), seen_changes()), (item_id,), news=say_undone(item, units))


def changed_panels(
    order: OrderProgress, since: int | None, refusal: Refusal | None = None, *, whose_mark: str | None = None
) -> Response:
    """Render the shipment status and the changed items; if those are too many, reload the page.

    ``whose_mark`` is that of the people whom the screen names: it is told if there are others now.
    """
    changed = {item.id for item in order.items if since is not None and item.changed_in_version > since}
    if len(changed) > MAX_CHANGED:
        return _reloaded(refusal)
    return _panels(order, changed, refusal, whose_mark=whose_mark)


def as_seen(order: OrderProgress, seen_changes: int | None) -> OrderProgress:
    """Return the order for a screen that shows so many changes of the shop; all of them if it does not say."""
    if seen_changes is None or seen_changes >= order.upstream_changes:
        return order
    return replace(order, seen_changes=seen_changes)


def _is_of_shop(refusal: Refusal | None) -> bool:
    return refusal is not None and refusal.of_shop


def _reloaded(refusal: Refusal | None) -> Response:
    """Have the browser load the page again."""
    return Response(status=refusal.status if refusal else 200, headers={"HX-Refresh": "true"})


def _panels(
    order: OrderProgress,
    item_ids: Collection[int],
    refusal: Refusal | None = None,
    *,
    item_id: int | None = None,
    news: Toast | None = None,
    whose_mark: str | None = None,
) -> Response:
    """Render ``item_id`` first, with its ``refusal``, then the other items and the shipment status."""
    who, at, of_shop = as_reader(viewer(), order, utc_now()), links(), _is_of_shop(refusal)
    item_first = order.item(item_id) if item_id is not None else None
    changes = shop_news.newest_changes(db.session(), g.store_id, order.id, behind) if (behind := _behind(order)) else []
    stopped = _stopped(order) if _asks() else None
    whose = _whose(order, who) if whose_mark is not None else None
    panels = render_panel(
        "panels/picking/_answer.html",
        item_first=present_item(order, item_first, who, at, refusal) if item_first else None,
        status=present_shipment_status(
            order, who, at, utc_now(), refusal.message if refusal and not item_first else "", changes
        ),
        items=[present_item(order, item, who, at) for item in order.items if item.id in item_ids],
        done_words=present_done_words(order.items),
        news=news,
        stopped=stopped,
        tells=stopped is not None or "own" in request.args,
        whose=whose if whose and whose.mark != whose_mark else None,
        note=present_packing_note(order, who, at, utc_now()) if _is_about_note(refusal) or of_shop else None,
        parcel=present_parcel_data(order.parcel_data, with_contact=False) if of_shop else None,
    )
    return Response(panels, status=refusal.status if refusal else 200)


def _whose(order: OrderProgress, who: Viewer) -> WhosePanel:
    own = request.args.get("own")
    return present_whose(order, who, links(), utc_now(), asks=_asks(), was_own=bool(own))


def _asks() -> bool:
    """Return whether a pick screen asks: its polls say with ``own`` whether the order was the reader's. An order's page
    has no panels across it."""
    return "own" in request.args or request.method == "POST"


def _stopped(order: OrderProgress) -> Stopped | None:
    """Return what the screen says of an order that is closed or on hold: two more statements if it is closed."""
    is_closed = order.status in CLOSED_STATUSES
    session = db.session()
    closed = order_details.read_status_change(session, g.store_id, order.id) if is_closed else None
    released = put_back.read_released(session, g.store_id, order.id) if is_closed else []
    return present_stopped(order, closed, released, viewer(), links(), utc_now())


def _behind(order: OrderProgress) -> int:
    return order.upstream_changes - order.seen_changes


def _is_about_note(refusal: Refusal | None) -> bool:
    """Return whether somebody must read the packing note first: the answer then shows it again, as it is now."""
    return refusal is not None and refusal.of_packing_note


def item_panels(order: OrderProgress, item_ids: Collection[int]) -> Response:
    """Render complete item panels, each replacing an item that is only named so far."""
    who, at = as_reader(viewer(), order, utc_now()), links()
    items = [present_item(order, item, who, at) for item in order.items if item.id in item_ids]
    return Response(render_panel("panels/picking/_items_answer.html", items=items))


def pick_page(
    order: OrderProgress, *, scan: Scan = NO_SCAN, item_id: int | None = None, refusal: Refusal | None = None
) -> Response:
    """Render the pick screen; a ``refusal`` belongs to the item, or without one to the order."""
    screen = present_pick_screen(
        order,
        as_reader(viewer(), order, utc_now()),
        links(),
        utc_now(),
        scan=scan,
        refused_item_id=item_id,
        refusal=refusal,
        stopped=_stopped(order),
    )
    page = render_template("pages/picking/show.html", screen=screen)
    return Response(page, status=refusal.status if refusal else 200)
