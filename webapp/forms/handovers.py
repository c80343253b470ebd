"""Take an order over, pack together, or hand it over."""

from __future__ import annotations

import re
from typing import Any, Final

from wtforms import HiddenField, StringField
from wtforms.validators import StopValidation

from webapp.domain.quantities import parse_id
from webapp.domain.wording import say
from webapp.forms.fields import OUT_OF_DATE, ActionForm

NOBODY: Final = "nobody"
_MARK: Final = re.compile(r"([0-9a-f]{12})?", re.ASCII)


class WhoseField(HiddenField):
    """The mark of those whose the order was on the screen (``webapp.domain.assignments.mark_of``); empty for nobody."""

    def pre_validate(self, form: object) -> None:
        if not _MARK.fullmatch(self.data or ""):
            raise StopValidation(OUT_OF_DATE)


class PersonField(StringField):
    """A person by id, in ``person_id``; None for nobody. A choice is needed."""

    person_id: int | None = None

    def pre_validate(self, form: Any) -> None:
        if self.data == NOBODY:
            return
        self.person_id = parse_id(self.data or "")
        if self.person_id is None:
            raise StopValidation(say("Choose who goes on with the order."))


class TakingForm(ActionForm):
    """``whose`` is the mark of those whose the order was on the screen."""

    whose = WhoseField()

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.whose.data,)


class HandOverForm(TakingForm):
    """``person`` is who gets the order."""

    person = PersonField()

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.whose.data, self.person.data)
