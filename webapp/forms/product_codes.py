"""Add a code to a product, or remove one."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import StopValidation

from webapp.domain.wording import say
from webapp.forms.fields import ActionForm, QuantityField
from webapp.forms.text_fields import one_line


class CodeField(StringField):
    """A code that was scanned or typed; the service says which text can be one."""

    def pre_validate(self, form: object) -> None:
        if not self.data:
            raise StopValidation(say("Scan or type the code."))


class CodeForm(ActionForm):
    """A code, and the units that it stands for."""

    code = CodeField("Code", filters=[one_line])
    units = QuantityField("Units", zero=say("Enter 1, or how many units are in the case."))

    def fingerprint_parts(self) -> tuple[object, ...]:
        return self.code.data, self.units.units


class RemoveCodeForm(ActionForm):
    """Nothing but the key: the address names the code."""
