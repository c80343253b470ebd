"""All addresses that screens link to, by name. No other module builds an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, urlencode

from webapp.domain.unknown_lines import UnknownCode

_PLAIN: Final = "!$'()*,/:;?@"
"""Characters that stay as they are in a query value."""

ByQuery = Callable[..., str]
"""Builds an address from query parameters: ``links.orders(late="1")``; parameters that are None are left out."""
OfOne = Callable[[int], str]
"""Builds an address from an id."""
OfTwo = Callable[[int, int], str]
"""Builds an address from two ids, the order's first."""


def with_query(path: str, /, **query: object) -> str:
    """Return the path with these query parameters, leaving out those that are None."""
    values = tuple([(name, str(value)) for name, value in query.items() if value is not None])
    return _with_query(path, values) if values else path


@lru_cache(1024)  # A list asks for each view many times; building one takes 10 µs.
def _with_query(path: str, query: tuple[tuple[str, str], ...]) -> str:
    return f"{path}?{urlencode(query, safe=_PLAIN)}"


@dataclass(frozen=True, slots=True, eq=False)  # Compared by identity: an application has one.
class Links:
    """All addresses, built once per application (``webapp.web.links``) and passed to presenters."""

    home: str
    sign_in: str
    sign_out: str
    change_store: str
    sessions: str
    end_session: OfOne
    end_other_sessions: str
    own_password: str
    settings: str
    people: str
    invitations: str
    withdraw_invitation: OfOne
    person: OfOne
    role_of_person: OfOne
    sign_out_person: OfOne
    close_account: OfOne
    open_account: OfOne
    remove_person: OfOne
    password_link: OfOne
    tokens: str
    revoke_token: OfOne
    channels: str
    channel: OfOne
    stores: str
    present_store: str
    join: ByQuery
    setup: ByQuery
    backups: ByQuery
    backup_list: ByQuery
    """The list alone, for its poll."""
    imports: str
    import_job: OfOne
    import_panel: OfOne
    """What changes of an import, for its poll."""
    import_reading: OfOne
    import_columns: OfOne
    preview_columns: OfOne
    check_import: OfOne
    run_import: OfOne
    stop_import: OfOne
    import_report: OfOne
    import_mappings: str
    rename_mapping: OfOne
    remove_mapping: OfOne
    import_entries_csv: OfOne
    import_entries_xlsx: OfOne
    import_template: Callable[[str], str]
    language: str
    tour: str
    shortcuts: str

    orders: ByQuery
    order_starts: str
    order_list: str
    """The list panel alone, for search while typing."""
    order_news: ByQuery
    next_to_pick: str
    save_filter: str
    remove_filter: OfOne

    order: OfOne
    order_status: OfOne
    cancel_order: OfOne
    erase_person: OfOne
    trail: OfOne
    trail_csv: OfOne
    trail_xlsx: OfOne

    pick: OfOne
    pick_items: OfOne
    """Items as complete panels, for the pick screen."""
    next_after: OfOne
    shipment_status: OfOne
    ship_order: OfOne
    ship_picks: OfOne
    ship_item: OfTwo
    pick_item: OfTwo
    """Where what was picked of an item is counted."""
    packing_note: OfOne
    """Where somebody confirms that the packing note was read."""
    release_hold: OfOne
    take_over: OfOne
    join_order: OfOne
    hand_over: OfOne
    undo_line: OfTwo
    found_units: OfTwo
    short_pick: OfTwo

    cancel_item: OfTwo
    return_item: OfTwo
    correct_return: OfTwo

    stock: ByQuery
    new_product: str
    product: OfOne
    product_details: OfOne
    product_picture: OfOne
    merge_product: OfOne
    undo_merge: OfOne
    retirement: OfOne
    end_retirement: OfOne
    remove_picture: OfOne
    adjust: OfOne
    count: OfOne
    product_codes: OfOne
    remove_code: OfTwo
    picture: Callable[[str], str]

    export_orders: ByQuery
    export_orders_xlsx: ByQuery
    export_stock: ByQuery
    export_stock_xlsx: ByQuery
    export_exceptions: ByQuery
    export_exceptions_xlsx: ByQuery
    export_activity: ByQuery
    export_activity_xlsx: ByQuery

    exceptions: ByQuery
    close_exception: OfOne
    matches: ByQuery
    products_from_lines: str
    kept_matches: ByQuery
    undo_match: OfOne
    new_match: str
    match_lines: str

    activity: ByQuery
    find_trail: str

    def saved_orders(self, query: str) -> str:
        """Return the order list with saved query parameters."""
        return f"{self.orders()}?{query}"

    def item_to_pick(self, order_id: int, item_id: int) -> str:
        """Return an item's anchor on the pick screen."""
        return f"{self.pick(order_id)}#item-{item_id}"

    def scanned_item(self, order_id: int, item_id: int) -> str:
        """Return the pick screen that shows the item a scan matched as a complete panel."""
        return f"{with_query(self.pick(order_id), found=item_id)}#item-{item_id}"

    def entries_of_import(self, job_id: int, **query: object) -> str:
        """Return the anchor of an import's list of orders or rows, with its filters."""
        return f"{with_query(self.import_job(job_id), **query)}#entries"

    def parcels(self, order_id: int) -> str:
        """Return the parcels' anchor on the order's page."""
        return f"{self.order(order_id)}#parcels"

    def operation(self, operation_id: str, order_id: int | None = None) -> str:
        """Return one operation's address: in its order's trail, or without an order in the store's activity."""
        trail = self.trail(order_id) if order_id else self.activity()
        return f"{with_query(trail, operation=operation_id)}#operation-{quote(operation_id)}"

    def place_of_product(self, product_id: int, inventory_id: int) -> str:
        """Return a place's anchor on its product's page."""
        return f"{self.product(product_id)}#place-{inventory_id}"

    def codes_of_product(self, product_id: int) -> str:
        """Return the codes' anchor on a product's page."""
        return f"{self.product(product_id)}#codes"

    def merge_with(self, product_id: int, survivor_id: int) -> str:
        """Return what a merge of the first product with the second would move."""
        return with_query(self.merge_product(product_id), **{"with": survivor_id})

    def movements(self, product_id: int, before: str | None = None) -> str:
        """Return a page of a product's movements: the newest, or those ``before`` a cursor."""
        return f"{with_query(self.product(product_id), moved_before=before)}#movements"

    def open_exceptions(self) -> str:
        """Return the anchor of the open exceptions on the page To decide."""
        return f"{self.exceptions()}#exceptions"

    def product_for(self, unknown: UnknownCode) -> str:
        """Return where to make the product that a GTIN, a SKU or one line stands for."""
        query: dict[str, Any] = {unknown.by.value: unknown.code}
        return with_query(self.new_product, **query)

    def match(self, unknown: UnknownCode) -> str:
        """Return where to match a GTIN, a SKU or one line."""
        query: dict[str, Any] = {unknown.by.value: unknown.code}
        return with_query(self.new_match, **query)
