"""Reads a request: is it htmx, who is the viewer, which idempotency key, what is wrong with the form."""

from __future__ import annotations

from flask import g, request

from webapp.database.unit_of_work import Once, fingerprint
from webapp.forms.fields import OUT_OF_DATE, ActionForm
from webapp.languages import translate
from webapp.presenters.refusals import Refusal
from webapp.presenters.viewer import Viewer


def is_htmx() -> bool:
    """Return whether htmx sent the request, and so wants changed panels instead of a page."""
    return request.headers.get("HX-Request") == "true"


def viewer() -> Viewer:
    """Return the person who looks, and their rights."""
    return Viewer(g.actor, g.role, g.settings)


def once(form: ActionForm, *what: object) -> Once | None:
    """Return the form's idempotency key for the action ``what``; None if it was sent without one."""
    key = form.idempotency_key.key
    return Once(g.store_id, key, g.actor, fingerprint(*what)) if key else None


def refused_form(form: ActionForm) -> Refusal:
    """Return why a form is invalid, and what was typed."""
    message = translate(OUT_OF_DATE) if form.is_out_of_date() else ""
    return Refusal(message, form.values(), form.messages())
