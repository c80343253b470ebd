"""The gallery of screenshots: where it is, and which pictures the documentation shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from webapp.config import ROOT

GALLERY: Final = ROOT / "reports" / "screenshots"
"""All pictures of ``make screenshots``; not in the repository."""

IN_DOCS: Final = ROOT / "docs" / "screenshots"
"""The few pictures that README and docs show."""

_PICTURE: Final = re.compile(r"screenshots/([\w-]+/[\w-]+\.jpg)")


def shown_in_docs() -> set[Path]:
    """Return the pictures that README and docs show, as paths below ``IN_DOCS``."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    return {Path(picture) for page in pages for picture in _PICTURE.findall(page.read_text())}
