"""Searches and views of the order list that people save."""

from __future__ import annotations

from typing import NamedTuple


class NamedFilter(NamedTuple):
    """A saved filter, as its person sees it; ``query`` is that of the list's address."""

    id: int
    name: str
    query: str
