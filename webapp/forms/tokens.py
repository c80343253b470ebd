"""A new token for a program."""

from __future__ import annotations

from webapp.domain.clock import utc_now
from webapp.domain.names import read_token_name
from webapp.domain.terms import read_term
from webapp.domain.wording import say
from webapp.forms.fields import ActionForm
from webapp.forms.rule_fields import RoleField, RuleField


class TokenForm(ActionForm):
    """Its name, its role, and its end: a number of days, or the last day in the store's zone."""

    name = RuleField(say("Name"), read_token_name)
    role = RoleField(say("Role"))
    term = RuleField(say("Ends"), lambda text: read_term(text, utc_now(), "UTC"))

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.name.data, self.role.data, self.term.data)
