"""Fields whose value a rule of the domain reads: names, codes, zones, roles, terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import StringField
from wtforms.validators import StopValidation

from webapp.domain.errors import InvalidInput
from webapp.domain.roles import Role
from webapp.domain.wording import say


class RuleField(StringField):
    """A text that ``rule`` reads, without outer blanks. What the rule refuses is the field's message."""

    def __init__(self, label: str, rule: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(label, filters=[lambda text: (text or "").strip()], **kwargs)
        self._rule = rule

    def pre_validate(self, form: object) -> None:
        try:
            self._rule(self.data or "")
        except InvalidInput as refusal:
            raise StopValidation(refusal.message) from None


class RoleField(RuleField):
    """A role; ``role`` holds it once it is valid."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, read_role, **kwargs)

    @property
    def role(self) -> Role:
        return Role(self.data or "")


def read_role(text: str) -> Role:
    """Return the role of this value. Raises InvalidInput."""
    try:
        return Role(text)
    except ValueError:
        raise InvalidInput(say("Choose one of the roles.")) from None
