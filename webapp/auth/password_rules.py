"""Which passwords people may choose: long and rare ones. No rule asks for digits or signs (ADR 0031)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final
from unicodedata import normalize

from webapp.domain.errors import InvalidInput
from webapp.domain.roles import Role
from webapp.domain.wording import Wording, say

LEAST: Final = 8
LEAST_OF_MANAGERS: Final = 12
"""Characters for managers and administrators, who decide over stock and people."""
MOST: Final = 1024
_STRICT: Final = frozenset({Role.MANAGER, Role.ADMIN})

_FEWEST_DIFFERENT: Final = 5
_SHORTEST_WORD: Final = 3
"""Shorter names and codes of stores may stand in any password."""
_COMMONEST: Final = 3000
_DECORATION: Final = 4
"""Digits and signs around a common word that do not make it a rare one: Sunshine2026."""
_LETTERS: Final = re.compile(r"[^\W\d_].*[^\W\d_]", re.DOTALL)

_OF_OUR_STORES: Final = frozenset(
    (
        *("packbench", "warehouse", "lager", "depot", "entrepot", "passwort", "kennwort", "motdepasse", "qwertz"),
        *("qwertzuiop", "azerty", "azertyuiop", "sommer", "winter", "herbst", "frühling", "fruehling", "hallo"),
        *("bonjour", "moien", "willkommen", "bienvenue", "soleil", "schatz", "schalke", "fussball", "luxemburg"),
        *("luxembourg", "letzebuerg"),
    )
)
"""Words that are common where Packbench is used and that the library's English list lacks."""


def check_new_password(password: str, roles: Iterable[Role], words: Iterable[str]) -> None:
    """Raise InvalidInput, with a sentence that says why, if a person with these roles may not choose the password.

    ``words`` are what a stranger knows of the person: their name, and the codes and names of their stores.
    """
    refusal = _why_refused(password, frozenset(roles), words)
    if refusal:
        raise InvalidInput(refusal)


def least_characters(roles: Iterable[Role]) -> int:
    """Return how many characters a password of a person with these roles needs."""
    return LEAST_OF_MANAGERS if _STRICT.intersection(roles) else LEAST


def _why_refused(password: str, roles: frozenset[Role], words: Iterable[str]) -> Wording | None:
    least = least_characters(roles)
    if len(password) < least and least == LEAST:
        return say("A password needs at least %(least)s characters.", least=least)
    if len(password) < least:
        return say("The password of a manager or administrator needs at least %(least)s characters.", least=least)
    if len(password) > MOST:
        return say("A password has at most %(most)s characters.", most=MOST)
    folded = _fold(password)
    if len(set(folded)) < _FEWEST_DIFFERENT:
        return say("This password has too few different characters. Choose another one.")
    if _is_common(folded):
        return say("This is one of the passwords that strangers try first. Choose another one.")
    if any(_is_mostly(word, folded) for word in map(_fold, words)):
        return say("This password is little more than the name or the store. Choose another one.")
    return None


def _fold(text: str) -> str:
    return normalize("NFKC", text).casefold().strip()


def _is_mostly(word: str, password: str) -> bool:
    """Return whether fewer than ``LEAST`` characters are left of the password without the word."""
    return len(word) >= _SHORTEST_WORD and word in password and len(password.replace(word, "")) < LEAST


def _is_common(password: str) -> bool:
    """Return whether the password is a common one, or a common word with a few digits and signs around it."""
    ranks = _ranks()
    if password in ranks or password in _OF_OUR_STORES:
        return True
    letters = _LETTERS.search(password)
    word = letters[0] if letters else ""
    is_word = ranks.get(word, _COMMONEST) < _COMMONEST or word in _OF_OUR_STORES
    return is_word and len(password) - len(word) <= _DECORATION


@cache
def _ranks() -> dict[str, int]:
    """Return the rank of each of 30,000 passwords that leaked, the commonest first (zxcvbn, under the MIT licence).

    Read at the first new password, since no other request needs them.
    """
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return {password: rank for rank, password in enumerate(FREQUENCY_LISTS["passwords"])}
