"""Empty files with our own columns, to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from webapp.services.imports.columns import Field, TableFormat
from webapp.services.imports.formats import NATIVE, STOCK

TEMPLATES: Final[Mapping[str, TableFormat]] = {"orders": NATIVE, "stock": STOCK}


def template_rows(name: str) -> str:
    """Return the header of our own file of orders or stock."""
    titles = (
        next(one for one in of_field if isinstance(one, str))
        for field, of_field in TEMPLATES[name].columns.items()
        if field is not Field.EXPORTED_FROM
    )
    return ",".join(titles) + "\r\n"
