"""Carries out the POST of a form: check it, do the work once, or return why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import Busy, ConflictError, InvalidInput
from webapp.extensions import db
from webapp.forms.fields import ActionForm
from webapp.presenters.refusals import Refusal
from webapp.web.requests import once, refused_form

T = TypeVar("T")


def perform(form: ActionForm, work: Callable[[Session], T], *what: object) -> T | Refusal:
    """Do the work in one transaction, once per idempotency key; return its result, or the refusal.

    ``what`` and the form's values tell apart two requests with the same key. A lock that somebody else holds is a
    refusal too, so that what was typed stays. Raises errors that the form cannot show: an unknown order, a database out
    of reach.
    """
    if not form.validate():
        return refused_form(form)
    try:
        return unit_of_work(db.session(), work, once(form, *what, *form.fingerprint_parts())).result
    except (ConflictError, InvalidInput, Busy) as error:
        return Refusal.from_error(error, form.values())
