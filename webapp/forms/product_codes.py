"""Add a code to a product, or remove one."""

from __future__ import annotations

from wtforms import StringField

from webapp.forms.fields import ActionForm, QuantityField
from webapp.forms.text_fields import one_line


class CodeForm(ActionForm):
    """A code, and the units that it stands for."""

    code = StringField("Code", filters=[one_line])
    units = QuantityField("Units")

    def fingerprint_parts(self) -> tuple[object, ...]:
        return self.code.data, self.units.units


class RemoveCodeForm(ActionForm):
    """Nothing but the key: the address names the code."""
