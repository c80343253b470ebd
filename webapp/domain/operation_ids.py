"""Ids of operations. One that had an idempotency key says so, since a key that vanished leaves nothing else."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

LASTING_KEYS: Final = ("import-stock:", "demo:")
"""Beginnings of keys that are kept for ever: a file adds its stock once, and the demo store is made once."""

FEWEST_DAYS: Final = 7
"""Younger keys are never pruned."""

LENGTH: Final = 32
MARKED_AT: Final = 12
"""Where an id is marked. The digit there is 4 in an id without a mark, as in every id from before there were marks."""
KEYED: Final = "a"
LASTING: Final = "f"
"""Had a key that is kept for ever."""


def new_operation_id(key: str | None = None) -> str:
    """Return a new id for a request with this idempotency key."""
    random = uuid4().hex
    if key is None:
        return random
    mark = LASTING if key.startswith(LASTING_KEYS) else KEYED
    return random[:MARKED_AT] + mark + random[MARKED_AT + 1 :]
