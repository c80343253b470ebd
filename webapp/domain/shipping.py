"""What a person may choose who ships the rest of an order."""

from __future__ import annotations

from typing import Final

CLOSE: Final = "close"
"""Value of a form's ``leftovers``: what stock cannot cover does not keep the order open."""
