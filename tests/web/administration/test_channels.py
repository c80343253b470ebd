"""Channels on their pages, and by command."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from tests.helpers.cast import Cast
from tests.helpers.tablet import Tablet
from webapp.domain.channels import ChannelKind
from webapp.services.channel_service import add_channel, change_channel, find_by_code, list_channels

NEW: dict[str, object] = {"code": "ebay", "name": "Our eBay", "kind": "marketplace"}


def test_an_administrator_adds_a_channel_and_gives_it_another_name(admin: Tablet, db: Session, cast: Cast) -> None:
    for _ in range(2):
        assert admin.post("/channels", {**NEW, "idempotency_key": "tap"}, htmx=False).status == 303

    page = admin.get("/channels")
    assert "Our eBay ebay Marketplace 0 none yet" in page.words
    own = find_by_code(db, cast.store.id, "ebay")
    form = admin.get(f"/channels/{own.id}").root.one("input", name="seen_name")
    assert form.attributes["value"] == "Our eBay"

    change: dict[str, object] = {
        "name": "eBay Luxembourg",
        "kind": "shop",
        "seen_name": "Our eBay",
        "seen_kind": "marketplace",
    }
    assert admin.post(f"/channels/{own.id}", change, htmx=False).status == 303

    assert find_by_code(db, cast.store.id, "ebay")[1:4] == ("ebay", "eBay Luxembourg", ChannelKind.SHOP)


def test_what_was_typed_stays_when_it_is_refused(admin: Tablet, db: Session, cast: Cast) -> None:
    admin.post("/channels", NEW, htmx=False)

    taken = admin.post("/channels", {**NEW, "code": "EBAY", "name": "Other"}, htmx=False)
    assert taken.status == 409
    assert "The store has a channel with the code “EBAY”." in taken.words
    assert taken.root.one("input", name="name").attributes["value"] == "Other"
    assert admin.post("/channels", {**NEW, "code": ""}, htmx=False).status == 422

    own = find_by_code(db, cast.store.id, "ebay")
    change_channel(db, cast.store.id, own.id, "Theirs", ChannelKind.FILE)
    db.commit()
    stale: dict[str, object] = {"name": "Mine", "kind": "shop", "seen_name": "Our eBay", "seen_kind": "marketplace"}
    answer = admin.post(f"/channels/{own.id}", stale, htmx=False)
    assert answer.status == 409
    assert answer.root.one("input", name="name").attributes["value"] == "Mine"
    assert answer.root.one("input", name="seen_name").attributes["value"] == "Theirs"


def test_commands_do_the_same(app: Flask, db: Session, cast: Cast) -> None:
    run = app.test_cli_runner().invoke
    store = ["--store", "MAIN"]
    assert run(args=["channels", "add", "ebay", *store, "--kind", "marketplace"]).exit_code == 0
    assert run(args=["channels", "set", "EBAY", *store, "--name", "Our eBay"]).exit_code == 0
    assert run(args=["channels", "set", "no", *store, "--name", "x"]).exit_code == 1
    assert run(args=["channels", "add", "ebay", *store]).exit_code == 1

    listed = run(args=["channels", "list", *store]).output
    assert "ebay" in listed
    assert "Our eBay" in listed
    assert len(list_channels(db, cast.store.id)) == 1


def test_a_page_names_a_channel_only_to_its_store(admin: Tablet, db: Session, cast: Cast) -> None:
    add_channel(db, cast.other_store.id, "theirs", "", ChannelKind.FILE)
    db.commit()
    theirs = find_by_code(db, cast.other_store.id, "theirs")

    assert "theirs" not in admin.get("/channels").words
    assert admin.client.get(f"/channels/{theirs.id}").status_code == 404
