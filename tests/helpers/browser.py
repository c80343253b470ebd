"""Finds the browser for the tests. ``python -m tests.helpers.browser`` exits with 0 if there is one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Error, Playwright, sync_playwright

SCREENS = {
    "tablet": {"width": 1180, "height": 820},
    "tablet portrait": {"width": 820, "height": 1180},
    "handheld": {"width": 390, "height": 844},
    "desk": {"width": 1440, "height": 900},
}
"""The sizes of docs/contract.md, "Screens", in CSS pixels."""


def installed_browser() -> Path | None:
    """Return the machine's own Chromium or Chrome: CHROMIUM, else where the packages put it."""
    places = (os.environ.get("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/google-chrome")
    return next((Path(place) for place in places if place and Path(place).exists()), None)


OF_NO_USE = (
    "WebUIOmniboxPopup",  # Two pages under the address bar, which load in every window though nobody sees them.
    "WebUIOmniboxAimPopup",
    "SpareRendererForSitePerProcess",  # A process for a page that may come next.
)
"""Parts of Chromium that take more computing time than a page of ours, in each window of a test."""

OF_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "msForceBrowserSignIn",
    "msEdgeUpdateLaunchServicesPreferredVersion",
)
"""What Playwright switches off: Chromium obeys the last of several lists, so ours repeats it."""


def launch_arguments() -> list[str]:
    """Return arguments for a browser that sends nothing to its maker, computes little, and may run as root."""
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync"]
    quiet += [f"--disable-features={','.join((*OF_PLAYWRIGHT, *OF_NO_USE))}"]
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*quiet, "--no-sandbox"] if as_root else quiet  # Chromium refuses to start as root otherwise.


def playwright_has_one(playwright: Playwright) -> bool:
    """Return whether Playwright has downloaded a Chromium that it can start."""
    try:
        playwright.chromium.launch(args=launch_arguments()).close()
    except Error:
        return False
    return True


def is_there_one() -> bool:
    """Return whether Playwright starts here and has a browser, the machine's or its own."""
    try:
        with sync_playwright() as running:
            return installed_browser() is not None or playwright_has_one(running)
    except Exception as error:  # Its driver is a program too, with its own failures.
        print(f"Playwright does not start: {error}", file=sys.stderr)
        return False


if __name__ == "__main__":
    sys.exit(not is_there_one())
