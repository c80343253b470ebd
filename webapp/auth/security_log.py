"""The security log: who signed in or out, who was refused, which tokens and passwords changed (docs/security-log.md).

It holds no password and no token. A name that nobody has is logged as a keyed hash, since people type passwords into
the field of the name: equal names have equal hashes, and nobody can read them back.
"""

from __future__ import annotations

import hmac
import json
import logging
import re
from enum import StrEnum
from hashlib import sha256
from typing import Final

from flask import current_app, has_request_context, request

log = logging.getLogger("packbench.security")

_PLAIN: Final = re.compile(r"[\w.@+:/-]{1,128}")
_LONGEST: Final = 128
_NOBODY: Final = "-"
_CONSOLE: Final = "console"
"""The address of what an operator does by a command."""


class SecurityEvent(StrEnum):
    """What happened, or was refused."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    STORE_CHANGE = "store_change"
    ACCESS = "access"
    FORM = "form"
    TOKEN_USE = "token_use"  # noqa: S105 - a name, not a secret
    TOKEN = "token"  # noqa: S105
    PASSWORD = "password"  # noqa: S105
    ACCOUNT = "account"
    LINK = "link"
    STORE = "store"
    SESSION = "session"


def record(event: SecurityEvent, outcome: str, name: str | None = None, *, refused: bool = False, **more: str) -> None:
    """Log one line: ``security: event=… outcome=… name=… address=…``, and ``more`` in its order.

    ``refused`` makes it a warning. ``name`` is a person's or program's; None if nobody knows who it is.
    """
    visitor = request.remote_addr if has_request_context() else _CONSOLE
    parts = {"event": event.value, "outcome": outcome, "name": name or _NOBODY, "address": visitor or _NOBODY, **more}
    words = " ".join(f"{key}={_safe(value)}" for key, value in parts.items())
    log.log(logging.WARNING if refused else logging.INFO, "security: %s", words)


def unknown(name: str) -> str:
    """Return what stands for a name that nobody has."""
    secret = str(current_app.secret_key).encode()
    digest = hmac.new(secret, f"unknown name:{name}".encode("utf-8", "surrogatepass"), sha256).hexdigest()
    return f"unknown:{digest[:8]}"


def _safe(value: str) -> str:
    """Return a value that cannot be taken for another part or line; quoted if it has more than letters and digits."""
    return value if _PLAIN.fullmatch(value) else json.dumps(value[:_LONGEST])
