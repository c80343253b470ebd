"""Passwords, hashed with argon2id: slow on purpose, so never inside a transaction that writes."""

from __future__ import annotations

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

NOBODYS_HASH: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$L6HIkKIUjm2yszwPI29G/Q$dzPqm4+45IZFgh7aixoVxLcbO4Nz5rYhBu6gvsP/ho4"
)
"""Hash of a random password that nobody knows. Checking it for unknown names takes as long as for known ones."""


def hash_password(password: str) -> str:
    """Return the argon2id hash to store."""
    return _HASHER.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Return whether ``password`` matches the hash; for None (unknown person) take as long and return False."""
    try:
        matches = _HASHER.verify(password_hash or NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        return False
    return matches and password_hash is not None
