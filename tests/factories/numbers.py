"""Numbers that keep names unique within a run, and GTINs that are some."""

from itertools import count

from webapp.domain.codes import gtin14

serial = count(1)


def gtin13(number: int, company: str = "40000") -> str:
    """Return the company's GTIN with this number, in 13 digits."""
    digits = f"{company}{number:07d}"
    return next(code for last in range(10) if gtin14(code := f"{digits}{last}"))
