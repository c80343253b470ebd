"""A barcode scanner: a keyboard that is faster than fingers."""

from __future__ import annotations

from time import time

from playwright.sync_api import Page

_PACE = 0.005
"""Seconds between two keys."""


def scan(page: Page, code: str | None, *, pace: float = _PACE) -> None:
    """Type ``code`` and Enter where the focus is, with ``pace`` seconds between keys.

    Each key event carries its own timestamp, as with a real scanner: on a busy machine Playwright's keyboard would be
    as slow as a hand.
    """
    keys = page.context.new_cdp_session(page)
    begun = time()
    for at, key in enumerate([*(code or ""), "Enter"]):
        pressed = {"key": key, "timestamp": begun + at * pace}
        text = {"text": "\r", "windowsVirtualKeyCode": 13} if key == "Enter" else {"text": key}
        keys.send("Input.dispatchKeyEvent", {"type": "keyDown", **pressed, **text})
        keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})
    keys.detach()
