"""From a bare start to a signed-in administrator and an invited packer, in a browser, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from tests.helpers.screen_checks import assert_suits_everybody
from tests.helpers.server_fixtures import LiveServer
from webapp.cli.setup import link_at_start

OpenWindow = Callable[..., Page]

MOST_TAPS = 4
"""From the printed link to the packer's list of orders; what is typed is not counted."""


@dataclass
class Finger:
    """Taps, and counts its taps."""

    taps: int = 0

    def tap(self, control: Locator) -> None:
        control.click()
        self.taps += 1


@pytest.fixture
def link(app: Flask, live_server: LiveServer) -> str:
    """The link that the server prints when it starts on an empty database."""
    printed = link_at_start(app, live_server.url)
    assert printed
    return printed


def fill_in(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_a_bare_start_leads_to_an_administrator_and_a_packer(open_window: OpenWindow, link: str, scripts: bool) -> None:
    finger = Finger()
    owner = open_window("desk", java_script_enabled=scripts, timezone_id="Europe/Paris")
    owner.goto("/orders")
    expect(owner.locator("h1")).to_have_text("This shop is not set up yet")

    owner.goto(link)
    fill_in(owner, store_name="Tea & Tide", username="nora", password="seven boats at dawn")
    zone = owner.locator("[name=time_zone]")
    expect(zone).to_have_value("Europe/Paris" if scripts else "")
    if not scripts:
        zone.select_option("Europe/Paris")
    finger.tap(owner.get_by_role("button", name="Start with my own data"))
    expect(owner.locator("h1")).to_have_text("People")

    fill_in(owner, username="pia")
    finger.tap(owner.get_by_role("button", name="Make an invitation"))
    invitation = owner.locator("#shown-once").input_value()

    packer = open_window("handheld", java_script_enabled=scripts)
    packer.goto(invitation)
    fill_in(packer, password="purple lantern")
    finger.tap(packer.get_by_role("button", name="Start"))
    expect(packer.locator("h1")).to_have_text("Orders")

    assert finger.taps <= MOST_TAPS


@pytest.mark.parametrize("screen", ["tablet", "handheld"])
def test_the_pages_of_a_first_start_suit_everybody(open_window: OpenWindow, link: str, screen: str) -> None:
    page = open_window(screen, color_scheme="dark" if screen == "handheld" else "light", locale="de")
    page.goto("/login")
    assert_suits_everybody(page)

    page.goto(link)
    assert_suits_everybody(page)


def test_a_copied_link_says_so(open_window: OpenWindow, link: str) -> None:
    page = open_window(permissions=["clipboard-read", "clipboard-write"])
    page.goto(link)
    fill_in(page, store_name="Tea & Tide", username="nora", password="seven boats at dawn")
    page.get_by_role("button", name="Start with my own data").click()
    fill_in(page, username="pia")
    page.get_by_role("button", name="Make an invitation").click()

    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#shown-once").input_value()


def test_a_double_tap_makes_one_invitation(open_window: OpenWindow, link: str) -> None:
    page = open_window(java_script_enabled=False)
    page.goto(link)
    fill_in(page, store_name="Tea & Tide", username="nora", password="seven boats at dawn")
    page.locator("[name=time_zone]").select_option("Europe/Paris")
    page.get_by_role("button", name="Start with my own data").click()
    fill_in(page, username="pia")

    page.get_by_role("button", name="Make an invitation").dblclick()
    invitation = page.locator("#shown-once").input_value()

    page.goto("/people")
    expect(page.get_by_role("button", name="Withdraw the invitation of pia")).to_have_count(1)
    page.context.clear_cookies()
    page.goto(invitation)
    expect(page.get_by_role("button", name="Start")).to_be_visible()
