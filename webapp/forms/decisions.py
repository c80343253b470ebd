"""The list of stock exceptions: its filter, and closing one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.domain.causes import Cause
from webapp.domain.errors import InvalidInput
from webapp.domain.wording import say
from webapp.forms.fields import ActionForm
from webapp.forms.text_fields import ReasonField


@dataclass(frozen=True, slots=True)
class ExceptionQuery:
    """The list's filter and cursor."""

    cause: Cause | None
    cursor: str | None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> ExceptionQuery:
        """Read ``cause`` and ``cursor``; a blank one counts as left out. Raises InvalidInput for an unknown cause."""
        word = query.get("cause", "").strip()
        try:
            cause = Cause(word) if word else None
        except ValueError:
            raise InvalidInput(
                say("There is no cause “%(cause)s”. Choose one from the list.", cause=word[:40])
            ) from None
        return cls(cause, query.get("cursor") or None)

    def as_query(self) -> dict[str, str]:
        """Return the query parameters of the same page."""
        values = {"cause": str(self.cause or ""), "cursor": self.cursor or ""}
        return {name: value for name, value in values.items() if value}


class CloseExceptionForm(ActionForm):
    """How the exception was settled, in words."""

    resolution = ReasonField(
        say("How was the exception settled?"), sentence=say("Say in a few words how the exception was settled.")
    )

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.resolution.data or "",)
