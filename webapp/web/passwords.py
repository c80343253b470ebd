"""A person changes their own password."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template
from werkzeug.wrappers import Response

from webapp.auth import accounts
from webapp.auth.accounts import Account, Person, Workplace
from webapp.auth.guard import requires
from webapp.auth.password_rules import check_new_password, least_characters
from webapp.auth.passwords import hash_password
from webapp.auth.security_log import SecurityEvent, record
from webapp.auth.sign_in_limits import counters_of_own_password
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import InvalidInput, TooManyTries
from webapp.domain.roles import READERS
from webapp.extensions import db
from webapp.forms.passwords import PasswordForm
from webapp.languages import _
from webapp.services.people import membership_service, sign_in_tries
from webapp.web import entry
from webapp.web.landings import landing_path

blueprint = Blueprint("passwords", __name__)


@blueprint.get("/account/password")
@requires(READERS)
def edit() -> str:
    """Show the form."""
    return _page(PasswordForm(), _workplaces())


@blueprint.post("/account/password")
@requires(READERS)
def update() -> Response | tuple[str, int]:
    """Replace the password, end every other session of the person, and go on in this one."""
    form, workplaces = PasswordForm(), _workplaces()
    person = accounts.find_person(db.session(), g.actor)
    if person is None or not (form.validate_on_submit() and _is_allowed(form, workplaces) and _is_right(form, person)):
        return _page(form, workplaces), 422
    password_hash = hash_password(form.new.data or "")  # Slow on purpose, so before the unit of work.
    epoch = unit_of_work(
        db.session(),
        lambda session: membership_service.change_own_password(session, person.id, person.session_epoch, password_hash),
    ).result
    record(SecurityEvent.PASSWORD, "changed", person.username)
    entry.begin(Account(person.id, person.username, epoch, workplaces), g.store_id)
    flash(_("Your password is changed, and you are signed out everywhere else."), "success")
    return redirect(landing_path(g.role), 303)


def _workplaces() -> tuple[Workplace, ...]:
    return accounts.workplaces_of(db.session(), g.signed_in.user_id)


def _is_allowed(form: PasswordForm, workplaces: tuple[Workplace, ...]) -> bool:
    """Return whether the person may choose the new password; else say in the form why not."""
    stores = [word for workplace in workplaces for word in (workplace.code, workplace.name)]
    try:
        check_new_password(form.new.data or "", [workplace.role for workplace in workplaces], [g.actor, *stores])
    except InvalidInput as refusal:
        form.refuse_new(refusal.message)
        return False
    return True


def _is_right(form: PasswordForm, person: Person) -> bool:
    """Return whether the present password is right; else say so in the form. Raises TooManyTries before the check."""
    counters = counters_of_own_password(person)
    try:
        at = unit_of_work(db.session(), lambda session: sign_in_tries.count_try(session, counters)).result
    except TooManyTries:
        record(SecurityEvent.PASSWORD, "too_many_tries", person.username, refused=True)
        raise
    if accounts.check_password(db.session(), person, form.present.data or ""):
        unit_of_work(db.session(), lambda session: sign_in_tries.uncount_try(session, counters, at))
        return True
    record(SecurityEvent.PASSWORD, "wrong_password", person.username, refused=True)
    form.refuse_present()
    return False


def _page(form: PasswordForm, workplaces: tuple[Workplace, ...]) -> str:
    least = least_characters(workplace.role for workplace in workplaces)
    return render_template("pages/people/password.html", form=form, least=least)
