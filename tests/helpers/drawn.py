"""Measures a page only when it stands as a person sees it."""

from __future__ import annotations

from playwright.sync_api import Page

_STANDS = "document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => done())))"


def drawn(page: Page) -> Page:
    """Wait until the fonts' short grace is over and a frame is painted; on a busy machine both come after the load.

    Every test that measures where something stands, or how large it is, measures a page that is drawn.
    """
    page.evaluate(_STANDS)
    return page


def too_wide(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(drawn(page).evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
