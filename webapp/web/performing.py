"""What every POST of the screens does with its form: check it, do the work once, or say why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import ConflictError, InvalidInput
from webapp.extensions import db
from webapp.forms.fields import ActionForm
from webapp.presenters.refusals import Refusal
from webapp.web.requests import once, refused_form

T = TypeVar("T")


def perform(form: ActionForm, work: Callable[[Session], T], *what: object) -> T | Refusal:
    """Do the work in one transaction, once for the form's key, and return its result, or why nothing was done.

    ``what`` and what the form asks for tell requests apart that carry the same key. Raises what the person cannot
    put right in the form: an unknown order, a busy database.
    """
    if not form.validate():
        return refused_form(form)
    try:
        return unit_of_work(db.session(), work, once(form, *what, *form.fingerprint_parts())).result
    except (ConflictError, InvalidInput) as error:
        return Refusal.from_error(error, form.typed())
