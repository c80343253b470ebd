"""The design language on one page: every component, drawn from its own file."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app, render_template

from webapp.auth.guard import requires
from webapp.domain.roles import READERS
from webapp.domain.skips import ExceptionState
from webapp.domain.statuses import OrderStatus
from webapp.presenters.styleguide import ComponentSheet, component_sheets

blueprint = Blueprint("styleguide", __name__)


@blueprint.get("/styleguide")
@requires(READERS)
def index() -> str:
    """Draw each component file that is there, with its own words on how to use it."""
    return render_template(
        "pages/styleguide/index.html", sheets=_sheets(), statuses=list(OrderStatus), states=list(ExceptionState)
    )


def _sheets() -> list[ComponentSheet]:
    return component_sheets(Path(current_app.root_path).parent / str(current_app.template_folder))
