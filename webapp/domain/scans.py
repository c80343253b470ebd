"""What a scanner read: a plain code, or a GTIN within a GS1 element string or a Digital Link."""

from __future__ import annotations

import re
from typing import Final

from webapp.domain.codes import GTIN_LENGTHS, gtin14

_SYMBOLOGY: Final = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
"""What AIM puts before a code: ``]C1`` for GS1-128, ``]E0`` for EAN-13."""
_LINK: Final = re.compile(r"^https?://[^?#]*/01/([0-9]{8,14})(?=[/?#]|$)", re.IGNORECASE)
_PRINTED: Final = re.compile(r"^(?:\([0-9]{2,4}\)[^(]*)*?\(01\)([0-9]{14})")
"""As people read an element string: ``(01)09521234543213(10)LOT``."""
_OTHER_KEYBOARD: Final = re.compile("[éèçàß§£²]|^[!@#$%^&*()_-]{6,}$")
"""Keys that no scanner means: those of digits and signs on a keyboard of another language."""
_SEPARATOR: Final = "\x1d"
_FIXED: Final = {
    "00": 20,
    "01": 16,
    "02": 16,
    "03": 16,
    "04": 18,
    "20": 4,
    "41": 16,
    **{f"{prefix}": 8 for prefix in range(11, 20)},
    **{f"{prefix}": 10 for prefix in range(31, 37)},
}
"""Characters of the elements of a fixed length, by their first two digits. Others end at a separator. Source: GS1
General Specifications, "Predefined length"."""


def read_scan(text: str) -> str:
    """Return the code that a scan means: its GTIN if it is an element string or a Digital Link, else the text without
    what AIM puts before it."""
    code = _SYMBOLOGY.sub("", text.strip()).strip(_SEPARATOR)
    digits = _LINK.match(code) or _PRINTED.match(code)
    return (digits[1] if digits and gtin14(digits[1]) else None) or _gtin_of_elements(code) or code


def is_damaged(text: str) -> bool:
    """Return whether a scan is a GTIN but for its check digit: it was misread or misprinted."""
    code = read_scan(text)
    return code.isascii() and code.isdigit() and len(code) in GTIN_LENGTHS[1:] and gtin14(code) is None


def is_of_other_keyboard(text: str) -> bool:
    """Return whether a scan looks as if scanner and tablet have keyboards of different languages."""
    return _OTHER_KEYBOARD.search(text) is not None


def _gtin_of_elements(code: str) -> str | None:
    rest = code
    while rest[:2].isdigit():
        if rest.startswith("01"):
            return gtin14(rest[2:16]) if len(rest) == 16 or len(code) > 16 else None
        length = _FIXED.get(rest[:2])
        _, _, after = rest.partition(_SEPARATOR)
        rest = rest[length:].removeprefix(_SEPARATOR) if length else after
    return None
