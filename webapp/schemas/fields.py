"""Request fields: which JSON or query values they accept, and the sentence for a refusal.

A sentence continues the field's name: “limit must be a whole number …”.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, Final

from marshmallow import ValidationError, fields, missing, validate

from webapp.domain.quantities import MAX_QUANTITY, check_quantity, parse_id
from webapp.domain.reasons import MAX_REASON

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""NUL and lone surrogates: JSON can spell them, but no database stores them."""

_ANY_TEXT: Final = r"^[^\u0000]*$"
_NOT_BLANK: Final = r"^[^\u0000]*[^\u0000\s][^\u0000]*$"


class Quantity(fields.Integer):
    """Units: a JSON integer from 1 to ``MAX_QUANTITY``. Raises InvalidQuantity itself, for null too."""

    def __init__(self, **kwargs: Any) -> None:
        # The range is for the document; check_quantity does the checking and has its own sentences.
        super().__init__(validate=validate.Range(1, MAX_QUANTITY), **kwargs)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        return None if value is missing else check_quantity(value)


class SeenQuantity(fields.Integer):
    """Units somebody saw: a JSON integer from 0 to ``MAX_QUANTITY``."""

    def __init__(self, **kwargs: Any) -> None:
        sentence = f"must be a whole number from 0 to {MAX_QUANTITY}, without a decimal point."
        super().__init__(
            strict=True,
            validate=validate.Range(0, MAX_QUANTITY, error=sentence),
            error_messages={"invalid": sentence, "null": sentence},
            **kwargs,
        )


class Text(fields.String):
    """Text that a database can store, with a documented ``pattern``."""

    def __init__(self, longest: int, *, pattern: str = _ANY_TEXT, **kwargs: Any) -> None:
        metadata = {"pattern": pattern, **kwargs.pop("metadata", {})}
        super().__init__(
            validate=validate.Length(max=longest, error=f"must have {longest} characters at most."),
            error_messages={"invalid": "must be text.", "null": "must be text.", "required": "is missing."},
            metadata=metadata,
            **kwargs,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if _UNSTORABLE.search(text):
            raise ValidationError("holds a character that cannot be kept.")
        return text


class Reason(Text):
    """A reason in words. With ``due``, the service refuses a blank one."""

    def __init__(self, *, due: bool, **kwargs: Any) -> None:
        super().__init__(MAX_REASON, pattern=_NOT_BLANK if due else _ANY_TEXT, required=due, **kwargs)


class OneOf(fields.Enum[StrEnum]):
    """One of an enum's values."""

    def __init__(self, kind: type[StrEnum], **kwargs: Any) -> None:
        sentence = f"must be one of {', '.join(kind)}."
        messages: dict[str, Any] = {"unknown": sentence, "null": sentence, "required": "is missing."}
        super().__init__(
            kind, by_value=fields.String(error_messages={"invalid": sentence}), error_messages=messages, **kwargs
        )


class Limit(fields.Integer):
    """Rows per page: ASCII digits in a query, from 1 to ``most``."""

    def __init__(self, most: int, **kwargs: Any) -> None:
        sentence = f"must be a whole number from 1 to {most}."
        super().__init__(
            validate=validate.Range(1, most, error=sentence), error_messages={"invalid": sentence}, **kwargs
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        number = parse_id(value)
        if number is None:
            raise self.make_error("invalid")
        return number
