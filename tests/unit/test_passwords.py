"""Passwords and their hashes."""

from __future__ import annotations

from argon2 import extract_parameters

from webapp.auth.passwords import NOBODYS_HASH, hash_password, verify_password


def test_a_password_belongs_to_its_own_hash_only() -> None:
    kept = hash_password("a good long password")

    assert verify_password(kept, "a good long password")
    assert not verify_password(kept, "a good long password ")
    assert kept != hash_password("a good long password")


def test_nobody_costs_as_much_to_check_as_anybody() -> None:
    assert extract_parameters(NOBODYS_HASH) == extract_parameters(hash_password("any"))


def test_nobody_has_no_password() -> None:
    assert not verify_password(None, "")


def test_a_hash_of_another_making_is_no_password() -> None:
    assert not verify_password("plain text", "plain text")
