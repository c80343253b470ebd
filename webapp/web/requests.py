"""What a request says of itself: whether htmx asks, who looks, under which key, and what was wrong with its form."""

from __future__ import annotations

from flask import g, request

from webapp.database.unit_of_work import Once, fingerprint
from webapp.forms.fields import OUT_OF_DATE, ActionForm
from webapp.languages import translate
from webapp.presenters.refusals import Refusal
from webapp.presenters.viewer import Viewer


def is_htmx() -> bool:
    """Tell whether htmx asks, and so wants changed panels instead of a page."""
    return request.headers.get("HX-Request") == "true"


def viewer() -> Viewer:
    """Return who looks."""
    return Viewer(g.actor, g.role, g.settings)


def once(form: ActionForm, *what: object) -> Once | None:
    """Return the idempotency key in use for a form that asks for ``what``; None where it was sent without."""
    key = form.idempotency_key.key
    return Once(g.store_id, key, g.actor, fingerprint(*what)) if key else None


def refused_form(form: ActionForm) -> Refusal:
    """Return why a form was not valid, and what was typed into it."""
    message = translate(OUT_OF_DATE) if form.is_out_of_date() else ""
    return Refusal(message, form.typed(), form.messages())
