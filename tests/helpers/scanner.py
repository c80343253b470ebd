"""A barcode scanner: a keyboard that is faster than fingers."""

from __future__ import annotations

from time import time

from playwright.sync_api import Page

_PACE = 0.005
"""Seconds between two keys."""
_PRESSING = {
    "Enter": {"code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13},
    " ": {"code": "Space", "text": " ", "windowsVirtualKeyCode": 32},
    "Tab": {"code": "Tab", "windowsVirtualKeyCode": 9},
}
"""Keys that press a button or move on: the browser knows them by their numbers."""
_SLOW_TIMERS = """() => {
  const real = window.setTimeout;
  window.setTimeout = (act, time, ...rest) => real(act, time + 3000, ...rest);
  window.endScan = () => { window.setTimeout = real; };
}"""


def scan(page: Page, code: str | None, *, pace: float = _PACE, ends: tuple[str, ...] = ("Enter",)) -> None:
    """Type ``code`` and the keys that end it where the focus is, with ``pace`` seconds between keys.

    Each key event carries its own timestamp, as with a real scanner: on a busy machine Playwright's keyboard would be
    as slow as a hand. For the same reason the page's timers wait longer meanwhile: they would see a pause where this
    process had to wait for its turn.
    """
    keys = page.context.new_cdp_session(page)
    page.evaluate(_SLOW_TIMERS)
    begun = time()
    typed = [*(code or ""), *ends]
    for at, key in enumerate(typed):
        if at == len(typed) - max(len(ends), 1):
            page.evaluate("endScan()")
        pressed = {"key": key, "timestamp": begun + at * pace}
        text = _PRESSING.get(key, {"text": key})
        keys.send("Input.dispatchKeyEvent", {"type": "keyDown", **pressed, **text})
        keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed, **text, "text": ""})
    keys.detach()
