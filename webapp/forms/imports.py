"""How an uploaded file is to be read."""

from __future__ import annotations

from wtforms import StringField
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
