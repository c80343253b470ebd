"""The pick screen, and its shipment-status panel, which other tablets poll."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.clock import utc_now
from webapp.domain.quantities import parse_id
from webapp.domain.roles import READERS
from webapp.extensions import db
from webapp.forms.orders import clean_search
from webapp.presenters.picking.screen import Scan, find_scanned, name_product, point_at
from webapp.presenters.picking.shipment_status import present_shipment_status
from webapp.services.reads import product_codes
from webapp.web import assigning, pick_answers
from webapp.web.answers import render_panel
from webapp.web.links import links
from webapp.web.order_reading import read_order
from webapp.web.requests import viewer

blueprint = Blueprint("picking", __name__)


@blueprint.get("/orders/<id:order_id>/pick")
@requires(READERS)
def show(order_id: int) -> BaseResponse:
    """Show the items in walking order. ``scan`` redirects to the item with that SKU or GTIN, which ``found`` then
    names."""
    order = assigning.as_opened(read_order(order_id, for_page=True), for_page=True)
    scan = find_scanned(order, clean_search(request.args.get("scan", "")))
    if scan.item_id is not None:
        return redirect(links().scanned_item(order_id, scan.item_id), 303)
    item = order.item(parse_id(request.args.get("found", "")) or 0)
    return pick_answers.pick_page(order, scan=point_at(item) if item else _named(scan))


def _named(scan: Scan) -> Scan:
    """Return the scan with the product whose code was read although the order does not have it, if there is one."""
    if scan.kind != "unknown":
        return scan
    owners = product_codes.owners_of(db.session(), g.store_id, [scan.text]).get(scan.text)
    return name_product(scan, owners[0].sku) if owners else scan


@blueprint.get("/orders/<id:order_id>/items")
@requires(READERS)
def items(order_id: int) -> Response:
    """Return complete panels of the items whose ids ``?ids=5,6,7`` lists; unknown ids are ignored."""
    ids = request.args.get("ids", "").split(",")[: pick_answers.MAX_CHANGED]
    order = pick_answers.as_seen(read_order(order_id), pick_answers.seen_changes())
    return pick_answers.item_panels(order, {parse_id(item_id) or 0 for item_id in ids})


@blueprint.get("/orders/<id:order_id>/shipment-status")
@requires(READERS, renews=False)
def shipment_status(order_id: int) -> Response:
    """Return the panel. With ``version``: 204 if nothing changed since, else the panel and the items changed since.
    ``whose`` is the mark of the people that the screen names."""
    seen, whose_mark = parse_id(request.args.get("version", "")), request.args.get("whose")
    if seen is not None and not assigning.is_news(order_id, seen, whose_mark):
        return Response(status=204)
    order = read_order(order_id)
    if seen is not None:
        order = pick_answers.as_seen(order, pick_answers.seen_changes())
        return pick_answers.changed_panels(order, seen, whose_mark=whose_mark)
    panel = present_shipment_status(order, viewer(), links(), utc_now())
    return Response(render_panel("panels/picking/_shipment_status.html", status=panel))
