"""How an uploaded file is to be read."""

from __future__ import annotations

from wtforms import FieldList, HiddenField, StringField
from wtforms.validators import Length

from webapp.domain.wording import say
from webapp.forms.fields import ActionForm


class ReadingForm(ActionForm):
    """What the file holds; and for a delivery with the content of an earlier one, what tells it apart."""

    format = StringField()
    reference = StringField(validators=[Length(max=64, message=say("At most 64 characters."))])

    @property
    def format_name(self) -> str:
        return (self.format.data or "").strip()

    @property
    def words(self) -> str:
        """Return the reference without outer blanks."""
        return (self.reference.data or "").strip()


class ColumnsForm(ActionForm):
    """Which field each column of the file is, and the name for it all."""

    kind = StringField()
    column = FieldList(StringField())
    same = StringField()
    """What is the same in all rows."""
    date_order = StringField()
    decimal_sign = StringField()
    delimiter = StringField()
    name = StringField()
    shown = HiddenField()
    """The kind and the titles for which the columns were chosen."""
    seen = HiddenField()
    """The mark of the mapping that the person saw under the name."""

    @property
    def choices(self) -> dict[int, str]:
        """Return the chosen field of each column, by its place."""
        return {int(entry.short_name.rpartition("-")[2]): entry.data or "" for entry in self.column.entries}

    def fingerprint_parts(self) -> tuple[object, ...]:
        texts = self.kind, self.same, self.date_order, self.decimal_sign, self.delimiter, self.name
        return (*(one.data or "" for one in texts), *sorted(self.choices.items()))


class MappingForm(ActionForm):
    """Another name for a saved mapping; none, to remove it."""

    name = StringField()
    seen = HiddenField()
    """The mark of the mapping that the person saw."""

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.name.data, self.seen.data)
