"""People of a store: an invitation, another role, and what the invited person fills in."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import AnyOf, DataRequired, Optional, ValidationError

from webapp.domain.names import fold_name, read_username
from webapp.domain.stores import read_store_code, read_store_name, read_time_zone
from webapp.domain.wording import say
from webapp.forms.fields import ActionForm
from webapp.forms.rule_fields import RoleField, RuleField


def read_manager(text: str) -> str:
    """Return a name that may be left out. Raises InvalidInput."""
    return read_username(text) if text else ""


class InvitationForm(ActionForm):
    """Whom to invite, and as what."""

    username = RuleField(say("Name to sign in with"), read_username)
    role = RoleField(say("Role"))

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.username.data, self.role.data)


class RoleForm(ActionForm):
    """Another role for a person."""

    role = RoleField(say("Role"))

    def fingerprint_parts(self) -> tuple[object, ...]:
        return (self.role.data,)


class LinkForm(ActionForm):
    """What a visitor sends with a one-time link. The link itself lets it happen once."""

    link = HiddenField()


class NewPasswordForm(LinkForm):
    """A new password."""

    password = PasswordField(say("New password"), [DataRequired(say("Enter a new password."))])


class JoinForm(LinkForm):
    """A new person's name and password."""

    username = RuleField(say("Name to sign in with"), read_username)
    password = PasswordField(say("Password"), [DataRequired(say("Enter a new password."))])


class SetupForm(JoinForm):
    """The first store and its administrator."""

    store_name = RuleField(say("Name of the store"), read_store_name)
    code = RuleField(say("Short code"), read_store_code)
    time_zone = RuleField(say("Time zone"), read_time_zone)
    manager = RuleField(say("Your name for daily work"), read_manager)
    """A second account of the same person; blank for none."""
    start_imported_orders = StringField(validators=[Optional(), AnyOf(("yes", "no"), say("Choose one of the two."))])
    """Whether orders are started as they come in: yes or no."""
    content = HiddenField()
    """``sample`` for the orders and goods of the demo store; anything else for an empty store."""

    def validate_manager(self, field: RuleField) -> None:
        """Refuse one name for both accounts."""
        if field.data and fold_name(field.data) == fold_name(self.username.data or ""):
            raise ValidationError(say("Choose another name than the administrator's."))
