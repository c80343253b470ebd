"""Which names people and programs may have."""

from __future__ import annotations

import re
from typing import Final

_NAME: Final = re.compile(r"[\w.@+-]+")


def is_name(text: str) -> bool:
    """Return whether a person or token may be called so; no colon, since the trail writes ``token:<name>``."""
    return _NAME.fullmatch(text) is not None
