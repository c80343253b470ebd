"""Keyboard shortcuts: the help lists exactly the keys that templates use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from tests.helpers.cast import Part
from tests.helpers.tablet import Tablet
from webapp.config import ROOT
from webapp.domain.roles import Role
from webapp.web.navigation import NAVIGATION
from webapp.web.shortcuts import HELP, SCREENS, WALK, Shortcut, shortcuts_of

TEMPLATES = ROOT / "templates"
KEY = re.compile(r"""data[-_]shortcut="([^"{]+)\"""")


def all_shortcuts() -> list[Shortcut]:
    return [shortcut for _, shortcuts in SCREENS for shortcut in shortcuts]


def test_help_lists_the_keys_of_all_templates_and_no_others() -> None:
    used_keys = {key for path in TEMPLATES.rglob("*.html") for key in KEY.findall(path.read_text())}
    used_keys |= {item.shortcut for item in NAVIGATION} | {HELP.keys}

    assert used_keys == {shortcut.keys for shortcut in all_shortcuts()} - {WALK.keys}


def test_no_key_does_two_things_and_no_key_begins_another() -> None:
    for role in Role:
        own = [shortcut for _, shortcuts in shortcuts_of(role) for shortcut in shortcuts]
        keys = Counter(key for shortcut in own for key in (shortcut.keys, *shortcut.others))
        begun = {key.split(" ")[0] for key in keys if " " in key}

        assert set(keys.values()) == {1}
        assert not begun & set(keys)


def test_the_page_says_what_each_key_does(packer: Tablet) -> None:
    page = packer.get("/shortcuts")

    rows = {row.one("dd").words: [key.words for key in row.all("kbd")] for row in page.root.all(css="shortcut")}
    assert rows["Go to the orders"] == ["g", "o"]
    assert rows["Move to the next or the previous row"] == ["j", "k"]
    assert rows["Undo what was just shipped"] == ["u"]


def test_the_help_goes_only_where_the_readers_navigation_goes(tablet_of: Callable[[Part], Tablet]) -> None:
    for part, others in (
        ("packer", {"g a", "g i"}),
        ("manager", set()),
        ("supervisor", {"g i", "n", "p", "u"}),
        ("admin", {"g i", "n", "p", "u"}),
    ):
        page = tablet_of(part).get("/shortcuts")
        shown = {" ".join(key.words for key in row.all("kbd")) for row in page.root.all(css="shortcut")}

        assert {one.keys for one in all_shortcuts()} - {WALK.keys} - shown == others, part
        assert page.root.all(css="navigation__link")
        assert {link["data-shortcut"] for link in page.root.all("a", css="navigation__link")} <= shown, part


def test_the_help_names_a_page_as_the_navigation_does(packer: Tablet, manager: Tablet) -> None:
    assert "Go to the exceptions" in packer.get("/shortcuts").words
    assert "Go to To decide" not in packer.get("/shortcuts").words
    assert "Go to To decide" in manager.get("/shortcuts").words


def test_asked_for_in_place_it_is_a_dialog_with_the_same_words(packer: Tablet) -> None:
    page, dialog = packer.get("/shortcuts"), packer.get("/shortcuts", htmx=True)

    assert "<html" not in dialog.response.text
    assert dialog.root.one("dialog").one(css="shortcuts").words == page.root.one(css="shortcuts").words


def test_every_page_leads_to_it_by_its_key(packer: Tablet) -> None:
    link = packer.get("/stock").root.one("a", data_shortcut="?")

    assert link["href"] == "/shortcuts"
