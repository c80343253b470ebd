"""The pick screen: the order's items in walking order, each in its own panel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from webapp.domain.codes import is_same_code
from webapp.domain.progress import ItemProgress, OrderProgress
from webapp.domain.scans import is_damaged, is_of_other_keyboard, read_scan
from webapp.languages import _, ngettext
from webapp.presenters.links import Links
from webapp.presenters.orders.parcel_data import ParcelDataCard, present_parcel_data
from webapp.presenters.phrases import words
from webapp.presenters.phrases.moments import Moment, due
from webapp.presenters.picking.item import ItemPanel, PickPlace, places_of, present_item
from webapp.presenters.picking.packing_note import PackingNotePanel, present_packing_note
from webapp.presenters.picking.seen import with_seen
from webapp.presenters.picking.shipment_status import ShipmentStatusPanel, present_shipment_status
from webapp.presenters.picking.stopped import Stopped
from webapp.presenters.picking.whose import WhosePanel, present_whose
from webapp.presenters.refusals import Refusal
from webapp.presenters.viewer import Viewer

AT_ONCE: Final = 24
"""Items shown as complete panels; later ones are only named, and their panels load when the packer gets near."""

_NEAR: Final = 8
"""Complete panels from the requested item on."""


@dataclass(frozen=True, slots=True)
class AheadItem:
    """A later item: named now, its complete panel loads when the packer gets near."""

    id: int
    name: str
    code: str
    further_codes: str
    cases: str
    places: tuple[PickPlace, ...]
    is_started: bool
    href: str
    """Address of its complete panel, for use without JavaScript."""
    is_ahead: bool = True


@dataclass(frozen=True, slots=True)
class DoneWords:
    """The summary of finished items."""

    words: str
    """Done: 3 items, 1 item cancelled; empty if there are none."""
    icon: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What was scanned or typed, and the result."""

    text: str
    item_id: int | None
    message: str
    kind: str = ""
    """Why nothing is to be picked by it, for the script: damaged, unknown, of another product, or one too many."""


NO_SCAN: Final = Scan("", None, "")


@dataclass(frozen=True, slots=True)
class PickScreen:
    order_number: str
    customer_name: str
    order_href: str
    path: str
    items_path: str
    """Address that later items' complete panels load from."""
    picks_path: str
    """Where the picks of item 0 would be counted; empty if the viewer ships nothing."""
    due: Moment | None
    """The promised time; None once nothing is left."""
    is_late: bool
    to_do: tuple[ItemPanel | AheadItem, ...]
    done: tuple[ItemPanel, ...]
    done_words: DoneWords
    done_open: bool
    """The requested item is a finished one, or there is nothing else to show."""
    status: ShipmentStatusPanel
    note: PackingNotePanel | None
    parcel: ParcelDataCard | None
    scan: Scan
    whose: WhosePanel
    stopped: Stopped | None

    @property
    def sections(self) -> tuple[tuple[ItemPanel | AheadItem, ...], ...]:
        """The items to pick in groups, so that a browser lays out only groups near the screen."""
        return tuple(self.to_do[at : at + AT_ONCE] for at in range(0, len(self.to_do), AT_ONCE))


def present_pick_screen(
    order: OrderProgress,
    viewer: Viewer,
    links: Links,
    now: datetime,
    *,
    scan: Scan = NO_SCAN,
    refused_item_id: int | None = None,
    refusal: Refusal | None = None,
    stopped: Stopped | None = None,
) -> PickScreen:
    """Build the screen. A ``refusal`` belongs to the item ``refused_item_id``, or without one to the order."""
    walk = sorted(order.items, key=lambda item: item.walking_key)
    to_do, done = [item for item in walk if not item.is_done], [item for item in walk if item.is_done]
    target_id = scan.item_id or refused_item_id

    def panel(item: ItemProgress) -> ItemPanel:
        of_item = refusal if item.id == refused_item_id else None
        return present_item(order, item, viewer, links, of_item, is_target=item.id == target_id)

    whole = _drawn_whole(to_do, target_id)
    status = present_shipment_status(
        order, viewer, links, now, refusal.message if refusal and refused_item_id is None else ""
    )
    return PickScreen(
        order_number=order.shown_number,
        customer_name=order.customer_name,
        order_href=links.order(order.id),
        path=links.pick(order.id),
        items_path=with_seen(links.pick_items(order.id), order),
        picks_path=links.pick_item(order.id, 0) if viewer.may_ship else "",
        due=due(order.ship_by, now) if order.may_ship else None,
        is_late=order.ship_by < now and order.may_ship,
        to_do=tuple(panel(item) if item.id in whole else _ahead(order, item, links) for item in to_do),
        done=tuple(panel(item) for item in done),
        done_words=present_done_words(order.items),
        done_open=any(item.id == target_id for item in done) or (not to_do and not status.is_complete),
        status=status,
        note=present_packing_note(order, viewer, links, now),
        parcel=present_parcel_data(order.parcel_data, with_contact=False),
        scan=scan,
        whose=present_whose(order, viewer, links, now, asks=True),
        stopped=stopped,
    )


def _drawn_whole(to_do: list[ItemProgress], target_id: int | None) -> set[int]:
    """Return the ids of items shown as complete panels: the first ones, and those from the requested one on."""
    ids = [item.id for item in to_do]
    if len(ids) <= AT_ONCE + _NEAR:
        return set(ids)
    whole = set(ids[:AT_ONCE])
    if target_id in ids:
        at = ids.index(target_id)
        whole.update(ids[max(0, at - 2) : at + _NEAR])
    return whole


def _ahead(order: OrderProgress, item: ItemProgress, links: Links) -> AheadItem:
    href = links.scanned_item(order.id, item.id)
    return AheadItem(
        item.id,
        words.item_name(item),
        item.first_code,
        item.further_words,
        item.cases_words,
        places_of(item),
        order.is_started,
        href,
    )


def present_done_words(items: Iterable[ItemProgress]) -> DoneWords:
    """Return the summary of finished items: how many, and how many of them are cancelled."""
    done = [item for item in items if item.is_done]
    shipped = sum(item.units.is_fully_shipped for item in done)
    cancelled = len(done) - shipped
    texts = [
        ngettext("Done: %(num)s item", "Done: %(num)s items", shipped) if shipped else "",
        ngettext("%(num)s item cancelled", "%(num)s items cancelled", cancelled) if cancelled else "",
    ]
    return DoneWords(", ".join(filter(None, texts)), "circle-check" if shipped else "x")


def find_scanned(order: OrderProgress, text: str) -> Scan:
    """Find an item by a SKU or GTIN of its line or its product: first by the very code, then by one that is spelled
    otherwise; open items first."""
    text = read_scan(text)
    if not text:
        return NO_SCAN
    matching = [item for item in order.items if text in item.scanned_codes] or [
        item for item in order.items if any(is_same_code(text, code) for code in item.scanned_codes)
    ]
    if not matching:
        kind = "damaged" if is_damaged(text) else "keyboard" if is_of_other_keyboard(text) else "unknown"
        return Scan(text, None, _("Not on this order: “%(code)s”", code=text), kind)
    return point_at(min(matching, key=lambda item: (item.is_done, item.walking_key)))


def point_at(item: ItemProgress) -> Scan:
    """Return the result of a scan that matched an item."""
    nothing_left = _("%(product)s: nothing is left to pick.", product=words.item_name(item))
    return Scan("", item.id, nothing_left, "too_many_picked") if item.is_done else Scan("", item.id, "")


def name_product(scan: Scan, sku: str) -> Scan:
    """Return the result of a scan that read the code of a product which is not on the order."""
    words = _("“%(code)s” is %(sku)s. It is not on this order.", code=scan.text, sku=sku)
    return Scan(scan.text, None, words, "wrong_code")
