"""Sign in, sign out, and change stores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from webapp.auth import accounts, known_devices
from webapp.auth.accounts import Account, Person
from webapp.auth.guard import public, requires, signed_in_person
from webapp.auth.security_log import SecurityEvent, record, unknown
from webapp.auth.sign_in_limits import counters_of_sign_in
from webapp.database.unit_of_work import unit_of_work
from webapp.demo.people import PEOPLE
from webapp.domain.errors import StoreNotFound, TooManyTries
from webapp.domain.roles import READERS
from webapp.domain.sign_in_limits import Counter
from webapp.extensions import db
from webapp.forms.sessions import LoginForm
from webapp.services.old_keys import prune_next
from webapp.services.people import membership_service, setup_service, sign_in_tries
from webapp.web import entry
from webapp.web.landings import landing_path
from webapp.web.links import links

blueprint = Blueprint("sessions", __name__)

_FETCHED_AHEAD: Final = '"prefetchCache", "prerenderCache"'
"""What a browser forgets at sign-out: pages that it fetched for the person before they asked (ADR 0027)."""


@blueprint.get("/")
@requires(READERS)
def home() -> Response:
    """Redirect each person to their role's first page."""
    return redirect(landing_path(g.role), 303)


@blueprint.get("/login")
@public
def new() -> Response | str:
    """Show the sign-in form; redirect a person who is already signed in."""
    form = LoginForm(MultiDict({"next": request.args.get("next", "")}))  # A link fills in nothing else.
    if person := signed_in_person():
        return redirect(safe_path(form.next.data) or landing_path(person.role), 303)
    if not setup_service.has_people(db.session()):
        return render_template("pages/people/first_start.html")
    return _sign_in_page(form)


@blueprint.post("/login")
@public
def create() -> Response | tuple[str, int]:
    """Sign in. Only failures count against address and name, so a whole shift can sign in from one address."""
    form = LoginForm()
    if not form.validate_on_submit():
        return _sign_in_page(form), 422
    account = _check(form.username.data or "", form.password.data or "")
    if account and account.workplaces:
        workplace = entry.begin(account)
        response = redirect(safe_path(form.next.data) or landing_path(workplace.role), 303)
        known_devices.remember(response, account.user_id, account.session_epoch)
        record(SecurityEvent.SIGN_IN, "done", account.username, store=account.workplaces[0].code)
        return response
    form.refuse(belongs_to_no_store=account is not None)
    return _sign_in_page(form), 422


def _check(username: str, password: str) -> Account | None:
    """Return the account with this name and password. Raises TooManyTries before the password is checked."""
    person = accounts.find_person(db.session(), username)
    name = person.username if person else unknown(username)
    counters = counters_of_sign_in(username, person)
    try:
        sign_in_tries.check_tries(db.session(), counters)
        at = unit_of_work(db.session(), lambda session: sign_in_tries.count_try(session, counters)).result
    except TooManyTries:
        record(SecurityEvent.SIGN_IN, "too_many_tries", name, refused=True)
        raise
    account = accounts.check_password(db.session(), person, password)
    if account and account.workplaces:
        unit_of_work(db.session(), lambda session: _finish_try(session, counters, at, account))
    else:
        record(SecurityEvent.SIGN_IN, _why_not(person, account), name, refused=True)
    return account


def _why_not(person: Person | None, account: Account | None) -> str:
    """Return why a sign-in failed, for the log alone: the page never says whether the name or the password is wrong."""
    if account:
        return "no_store"
    if person is None:
        return "unknown_name"
    return "wrong_password" if person.is_active else "account_closed"


def _finish_try(session: Session, counters: Sequence[Counter], at: float, account: Account) -> None:
    """Take the try back and note when the person signed in.

    Use the occasion to delete some old idempotency keys, too: a few sign-ins a day suffice.
    """
    sign_in_tries.uncount_try(session, counters, at)
    membership_service.note_sign_in(session, account.user_id)
    prune_next(session)


@blueprint.post("/logout")
@public
def destroy() -> Response:
    """Sign out; harmless when the session is already over."""
    person = signed_in_person()
    entry.leave()
    if person:
        record(SecurityEvent.SIGN_OUT, "done", person.username)
    answer = redirect(links().sign_in, 303)
    answer.headers["Clear-Site-Data"] = _FETCHED_AHEAD
    return answer


@blueprint.get("/store")
@requires(READERS)
def choose_store() -> str:
    """Show the stores the person works in."""
    workplaces = accounts.workplaces_of(db.session(), g.signed_in.user_id)
    return render_template("pages/people/store.html", workplaces=workplaces)


@blueprint.post("/store")
@requires(READERS)
def change_store() -> Response:
    """Change to another of the person's stores; any other store is a 404, like an unknown one."""
    workplaces = accounts.workplaces_of(db.session(), g.signed_in.user_id)
    for workplace in workplaces:
        if str(workplace.store_id) == request.form.get("store_id"):
            entry.move(workplaces, workplace)
            record(SecurityEvent.STORE_CHANGE, "done", g.actor, store=workplace.code)
            return redirect(landing_path(workplace.role), 303)
    record(SecurityEvent.STORE_CHANGE, "refused", g.actor, refused=True)
    raise StoreNotFound


def _sign_in_page(form: LoginForm) -> str:
    people = PEOPLE if current_app.config["SHOW_DEMO_PEOPLE"] else ()
    return render_template("pages/people/sign_in.html", form=form, people=people)


def safe_path(path: str | None) -> str | None:
    """Return ``path`` if it is a page of this site, else None: no scheme, host, backslash or control character."""
    if not path or not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable():
        return None
    parts = urlsplit(path)
    return None if parts.scheme or parts.netloc else path
