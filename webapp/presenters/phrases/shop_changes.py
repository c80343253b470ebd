"""What the shop changed in an order, as a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.domain.change_words import CHANGES
from webapp.domain.upstream import ShopChange
from webapp.languages import _, translate
from webapp.presenters.phrases.sentences import listed


def say_changes(changes: Sequence[ShopChange]) -> str:
    """Return what the shop changed since a screen was drawn, and what to do about it."""
    what = listed([translate(CHANGES[change]) for change in changes])
    return _("The shop changed this order: %(changes)s. Check it, then ship again.", changes=what)
