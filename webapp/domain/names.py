"""Which names people and programs may have, and which people's names a program keeps for itself."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from webapp.domain.errors import InvalidInput
from webapp.domain.wording import say

MAX_USERNAME: Final = 64
MAX_TOKEN_NAME: Final = 58
"""Characters: with ``token:`` it must fit into the trail's 64."""

SYSTEM: Final = "system"
"""Actor of work that no person started."""
IMPORTER: Final = "import"
CONSOLE: Final = "command line"
PROGRAMS: Final = frozenset({SYSTEM, IMPORTER, CONSOLE})
"""Names under which the program itself acts in trails and in the ledger."""

_RESERVED: Final = PROGRAMS | {"api", "console", "nobody", "packbench", "seed", "token", "unknown"}
"""No person may have these: a trail or a log would not say who it was."""

_NAME: Final = re.compile(r"(?!_)\w[\w.@+-]*")
"""No colon, since the trail writes ``token:<name>``; a letter or digit first, so that ``-`` and ``..`` are no names."""
_WRITTEN_TOGETHER: Final = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"CJK", "BOPOMOFO"}),
    frozenset({"CJK", "HANGUL"}),
)
"""Scripts of which one language uses several."""


def same_name(text: str) -> str:
    """Return the one way to write a name: full-width letters and letters with loose accents have another (NFKC)."""
    return unicodedata.normalize("NFKC", text)


def fold_name(text: str) -> str:
    """Return what two names share if people cannot tell them apart."""
    return same_name(same_name(text).casefold())


def is_name(text: str) -> bool:
    """Return whether a person or token may be called so: letters of one script, digits and ``. _ - @ +``.

    A Cyrillic а among Latin letters would look like an a.
    """
    return text == same_name(text) and _NAME.fullmatch(text) is not None and _is_of_one_script(text)


def is_reserved(text: str) -> bool:
    """Return whether the name stands for a program or for nobody."""
    return fold_name(text) in _RESERVED


def read_username(text: str) -> str:
    """Return the one way to write a person's name. Raises InvalidInput if nobody may be called so."""
    name = same_name(text)
    if len(name) > MAX_USERNAME or not is_name(name):
        raise InvalidInput(
            say(
                "A username is 1 to 64 letters of one script, digits and . _ - @ +, without spaces, and begins with a "
                "letter or digit."
            ),
            username=name[:MAX_USERNAME],
        )
    if is_reserved(name):
        raise InvalidInput(
            say("“%(name)s” stands for a program in trails and logs. Choose another name.", name=name), username=name
        )
    return name


def read_token_name(text: str) -> str:
    """Return the one way to write a token's name. Raises InvalidInput if none may be called so."""
    name = same_name(text)
    if len(name) > MAX_TOKEN_NAME or not is_name(name):
        raise InvalidInput(
            say("A token's name is 1 to %(most)s letters, digits and . _ - @ +, without spaces.", most=MAX_TOKEN_NAME),
            name=name[:MAX_TOKEN_NAME],
        )
    return name


def _is_of_one_script(text: str) -> bool:
    """Return whether all letters, and digits other than 0 to 9, are of one script."""
    # A character's name begins with its script: CYRILLIC SMALL LETTER A, ARABIC-INDIC DIGIT ONE.
    scripts = {
        re.split("[ -]", unicodedata.name(one, "?"))[0]
        for one in text
        if one.isalnum() and not (one.isascii() and one.isdigit()) and unicodedata.category(one) != "Lm"
    }
    return len(scripts) <= 1 or any(scripts <= together for together in _WRITTEN_TOGETHER)
