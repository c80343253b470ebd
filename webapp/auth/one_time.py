"""Tokens that are shown once: in links, and to programs. A form that is sent twice shows the same one again.

A token is derived from the form's idempotency key, so a double tap, or a response lost on bad Wi-Fi, makes no second
one, and the database still keeps only hashes. Nobody can derive it without the server's secret.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Final

from flask import current_app

_LINK: Final = re.compile(r"([1-9][0-9]{0,17})_[A-Za-z0-9_-]{43}", re.ASCII)


def shown_once(purpose: str, store_id: int, actor: str, key: str | None) -> str:
    """Return 43 characters for what ``actor`` makes with a form of this key; random ones without a key."""
    if not key:
        return secrets.token_urlsafe(32)
    secret, words = str(current_app.secret_key).encode(), "\n".join(("shown once", purpose, str(store_id), actor, key))
    return urlsafe_b64encode(hmac.new(secret, words.encode(), sha256).digest()).decode().rstrip("=")


def link_token(store_id: int, random: str) -> str:
    """Return the token of a store's one-time link."""
    return f"{store_id}_{random}"


def read_link_token(token: str) -> tuple[int, str] | None:
    """Return a token's store and the hash to look for; None for what cannot be one."""
    match = _LINK.fullmatch(token)
    return (int(match[1]), hash_of(token)) if match else None


def hash_of(token: str) -> str:
    """Return the SHA-256 (hex). A token has 256 bits that nobody can guess, so a slow hash is not needed."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
