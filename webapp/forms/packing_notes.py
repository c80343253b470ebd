"""Confirm that a packing note was read."""

from __future__ import annotations

import re
from typing import Final

from wtforms import HiddenField
from wtforms.validators import StopValidation

from webapp.forms.fields import OUT_OF_DATE, ActionForm

_MARK: Final = re.compile(r"[0-9a-f]{16}", re.ASCII)


class MarkField(HiddenField):
    """The mark of a text that the person saw (``webapp.domain.parcel_data.mark_of``)."""

    def pre_validate(self, form: object) -> None:
        if not _MARK.fullmatch(self.data or ""):
            raise StopValidation(OUT_OF_DATE)


class PackingNoteForm(ActionForm):
    """``seen_note`` is the mark of the note that the person read."""

    seen_note = MarkField()

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.seen_note.data,)
