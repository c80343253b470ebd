"""Setting an order's status."""

from __future__ import annotations

from wtforms import StringField

from webapp.forms.fields import ActionForm


class StatusForm(ActionForm):
    """The new status, as its value; the service judges it."""

    status = StringField("Status")

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.status.data or "",)
