"""The checksum of an idempotency key's row: a change of the key, its request or its answer shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

_COLUMNS: Final = "store_id", "key", "actor", "fingerprint", "operation_id", "status"
_as_json: Final = json.JSONEncoder(sort_keys=True).encode


def checksum_of(row: Mapping[str, Any]) -> str:
    """Return the checksum (32 hex digits) of a row.

    Its ``result`` may be the answer as it is stored or as it comes back: both are the same JSON.
    """
    created_at: datetime = row["created_at"]
    at = created_at.astimezone(UTC).isoformat(timespec="microseconds")
    result = row["result"]
    answer = None if result is None else json.loads(json.dumps(result))
    parts = [*(row[name] for name in _COLUMNS), at, answer]
    return hashlib.sha256(_as_json(parts).encode()).hexdigest()[:32]
