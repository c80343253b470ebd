"""Builds the addresses of all screens from the routes, once per application."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final
from urllib.parse import quote

from flask import Flask, current_app
from werkzeug.routing import MapAdapter

from webapp.presenters.links import Links, with_query

_EXTENSION: Final = "links"
_MARK: Final = 9_000_000_001
"""Stands for an id while an address is built; no path contains this number."""
_PLAIN: Final = "!$&'()*+,/:;=@"
"""Characters that may stay as they are in a path."""


def register(app: Flask) -> None:
    """Build the addresses for routes and templates. Call this after all screens are registered."""
    app.extensions[_EXTENSION] = build_links(app)
    app.jinja_env.globals.update(links=app.extensions[_EXTENSION], with_query=with_query)


def links() -> Links:
    """Return the current application's addresses."""
    built: Links = current_app.extensions[_EXTENSION]
    return built


def build_links(app: Flask) -> Links:
    """Build each address once from its route. Raises ValueError if a route's ids differ from those in ``Links``.

    ``url_for`` takes about 20 µs per call, and a list has hundreds of links; filling in an id takes 2 µs. No request is
    there, so no ``SCRIPT_NAME`` either: Packbench is served at the root of a host name (ADR 0019).
    """
    urls = app.url_map.bind("localhost")
    page, listing = partial(_pattern, urls, 0), partial(_listing, urls)
    one, two = partial(_of_one, urls), partial(_of_two, urls)
    return Links(
        home=page("sessions.home"),
        sign_in=page("sessions.new"),
        sign_out=page("sessions.destroy"),
        change_store=page("sessions.choose_store"),
        sessions=page("session_list.index"),
        end_session=one("session_list.end"),
        end_other_sessions=page("session_list.end_others"),
        own_password=page("passwords.edit"),
        settings=page("settings.index"),
        people=page("people.index"),
        invitations=page("people.invitations"),
        withdraw_invitation=one("people.withdraw"),
        person=one("people.show"),
        role_of_person=one("people.change_role"),
        sign_out_person=one("people.sign_out"),
        close_account=one("people.close"),
        open_account=one("people.reopen"),
        remove_person=one("people.remove"),
        password_link=one("people.make_password_link"),
        tokens=page("tokens.index"),
        revoke_token=one("tokens.revoke"),
        channels=page("channels.index"),
        channel=one("channels.edit"),
        stores=page("stores.index"),
        present_store=page("stores.present"),
        join=listing("joining.new"),
        setup=listing("setup.new"),
        backups=listing("backups.index"),
        backup_list=listing("backups.panel"),
        imports=page("imports.index"),
        import_job=one("imports.show"),
        import_panel=one("imports.panel"),
        import_reading=one("imports.read_as"),
        import_columns=one("import_columns.edit"),
        preview_columns=one("import_columns.preview"),
        check_import=one("imports.check"),
        run_import=one("imports.run"),
        stop_import=one("imports.stop"),
        import_report=one("imports.report"),
        import_mappings=page("import_mappings.index"),
        rename_mapping=one("import_mappings.rename"),
        remove_mapping=one("import_mappings.remove"),
        import_entries_csv=one("import_entries.csv"),
        import_entries_xlsx=one("import_entries.xlsx"),
        import_template=_named(urls, "imports.template"),
        language=page("languages.create"),
        tour=page("tours.change"),
        shortcuts=page("shortcuts.index"),
        orders=listing("orders.index"),
        order_starts=page("order_starts.create"),
        order_list=page("orders.panel"),
        order_news=listing("orders.news"),
        next_to_pick=page("orders.next_to_pick"),
        save_filter=page("saved_filters.create"),
        remove_filter=one("saved_filters.remove"),
        order=one("orders.show"),
        order_status=one("statuses.update"),
        cancel_order=one("cancellations.new"),
        erase_person=one("erasures.new"),
        trail=one("trail.show"),
        trail_csv=one("trail.export"),
        trail_xlsx=one("trail.export_xlsx"),
        pick=one("picking.show"),
        pick_items=one("picking.items"),
        next_after=one("orders.next_after"),
        shipment_status=one("picking.shipment_status"),
        ship_order=one("shipments.create_for_order"),
        ship_picks=one("shipments.create_of_picks"),
        ship_item=two("shipments.create"),
        pick_item=two("picks.create"),
        packing_note=one("packing_notes.confirm"),
        release_hold=one("holds.release"),
        take_over=one("handovers.take_over"),
        join_order=one("handovers.join"),
        hand_over=one("handovers.new"),
        undo_line=two("shipments.undo"),
        found_units=two("short_picks.new_found_units"),
        short_pick=two("short_picks.new_short_pick"),
        cancel_item=two("item_cancellations.new"),
        return_item=two("returns.new"),
        correct_return=two("returns.correct"),
        stock=listing("stock.index"),
        new_product=page("products.new"),
        product=one("stock.show"),
        product_details=one("products.edit"),
        product_picture=one("products.set_picture"),
        merge_product=one("product_merges.new"),
        retirement=one("retirements.new"),
        end_retirement=one("retirements.end"),
        undo_merge=one("product_merges.undo"),
        remove_picture=one("products.remove_picture"),
        adjust=one("stock.adjust"),
        count=one("stock.count"),
        product_codes=one("product_codes.create"),
        remove_code=two("product_codes.remove"),
        picture=_named(urls, "pictures.show"),
        export_orders=listing("exports.orders"),
        export_orders_xlsx=listing("exports.orders_xlsx"),
        export_stock=listing("exports.stock"),
        export_stock_xlsx=listing("exports.stock_xlsx"),
        export_exceptions=listing("exports.exceptions"),
        export_exceptions_xlsx=listing("exports.exceptions_xlsx"),
        export_activity=listing("exports.activity"),
        export_activity_xlsx=listing("exports.activity_xlsx"),
        exceptions=listing("decisions.index"),
        close_exception=one("decisions.create"),
        matches=listing("matching.index"),
        products_from_lines=page("products_from_lines.new"),
        kept_matches=listing("kept_matches.index"),
        undo_match=one("kept_matches.removal"),
        new_match=page("matching.new"),
        match_lines=page("matching.create"),
        activity=listing("activity.index"),
        find_trail=page("activity.orders"),
    )


def _pattern(urls: MapAdapter, count: int, endpoint: str, mark: str = "%d") -> str:
    """Return the route's address with a ``mark`` for each of its ``count`` ids, in the path's order."""
    rule = next(urls.map.iter_rules(endpoint))
    names = sorted(rule.arguments, key=rule.rule.index)
    if len(names) != count:
        raise ValueError(f"{endpoint} takes {names}")
    ids = {name: _MARK + at for at, name in enumerate(names)}
    path = urls.build(endpoint, ids)
    if count:
        path = path.replace("%", "%%")
    for number in ids.values():
        path = path.replace(str(number), mark)
    return path


def _listing(urls: MapAdapter, endpoint: str) -> Callable[..., str]:
    return partial(with_query, _pattern(urls, 0, endpoint))


def _of_one(urls: MapAdapter, endpoint: str) -> Callable[[int], str]:
    return _pattern(urls, 1, endpoint).__mod__


def _of_two(urls: MapAdapter, endpoint: str) -> Callable[[int, int], str]:
    path = _pattern(urls, 2, endpoint)
    return lambda first, second: path % (first, second)


def _named(urls: MapAdapter, endpoint: str) -> Callable[[str], str]:
    path = _pattern(urls, 1, endpoint, "%s")
    return lambda name: path % quote(name, safe=_PLAIN)
