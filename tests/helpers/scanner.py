"""A barcode scanner at a page: a keyboard that is faster than fingers."""

from __future__ import annotations

from time import time

from playwright.sync_api import Page

_PACE = 0.005
"""Seconds between two keys."""


def scan(page: Page, code: str | None, *, pace: float = _PACE) -> None:
    """Type ``code`` and Enter where the focus is, ``pace`` seconds from key to key.

    Each key carries its own time, as the machine that a scanner is plugged in tells it: on a busy one Playwright's own
    keyboard would be as slow as a hand.
    """
    keys = page.context.new_cdp_session(page)
    begun = time()
    for at, key in enumerate([*(code or ""), "Enter"]):
        pressed = {"key": key, "timestamp": begun + at * pace}
        text = {"text": "\r", "windowsVirtualKeyCode": 13} if key == "Enter" else {"text": key}
        keys.send("Input.dispatchKeyEvent", {"type": "keyDown", **pressed, **text})
        keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})
    keys.detach()
