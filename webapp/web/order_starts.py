"""Starts all orders that wait for it, with one button."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, g
from werkzeug.wrappers import Response

from webapp.auth.guard import requires
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import Busy
from webapp.domain.roles import MANAGERS
from webapp.extensions import db
from webapp.forms.orders import StartOrdersForm
from webapp.languages import _
from webapp.presenters.orders.starting import started_words
from webapp.services import starting_service
from webapp.services.engine.starting import NOTHING_STARTED, Started
from webapp.services.reads.orders_to_start import orders_to_start
from webapp.web.answers import go_to
from webapp.web.links import links

blueprint = Blueprint("order_starts", __name__)

MOST_TIMES: Final = 25
"""Transactions of one request: it ends before anybody wonders."""


@blueprint.post("/orders/starts")
@requires(MANAGERS)
def create() -> Response:
    """Start the orders that the person saw counted; those that came later, and those on hold, are left."""
    form = StartOrdersForm()
    if not form.validate():
        flash(_("Nothing was started. Look at the orders, then try again."), "warning")
        return go_to(links().orders())
    started = NOTHING_STARTED
    try:
        for _time in range(MOST_TIMES):
            some = _start_some(form.newest.number or 0)
            started = started.plus(some)
            if some.orders < starting_service.AT_ONCE:
                break
    except Busy:
        flash(_("Somebody else works on these orders just now. Start the others again."), "warning")
    if words := started_words(started, orders_to_start(db.session(), g.store_id).orders):
        flash(*words)
    return go_to(links().orders())


def _start_some(newest: int) -> Started:
    return unit_of_work(
        db.session(), lambda session: starting_service.start_oldest(session, g.store_id, newest, g.actor)
    ).result
