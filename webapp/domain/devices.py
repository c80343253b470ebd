"""Which browser and system a person uses, in a few words, so that they know their devices again."""

from __future__ import annotations

from typing import Final

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""Parts of a User-Agent header with their words. Browsers also name those that they resemble, so the order counts."""

_SYSTEMS: Final = (
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """Return browser and system, such as ``Chrome, Android``; what the header does not say is left out."""
    return ", ".join(word for word in (_first_of(_BROWSERS, user_agent), _first_of(_SYSTEMS, user_agent)) if word)


def _first_of(words: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((word for part, word in words if part in user_agent), "")
