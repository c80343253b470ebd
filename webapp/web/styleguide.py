"""The style guide: every component on one page, rendered from its own file."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app, render_template

from webapp.auth.guard import requires
from webapp.domain.causes import ExceptionState
from webapp.domain.roles import READERS
from webapp.domain.statuses import OrderStatus
from webapp.presenters.styleguide import component_sheets, icon_names

blueprint = Blueprint("styleguide", __name__)


@blueprint.get("/styleguide")
@requires(READERS)
def index() -> str:
    """Show each component file with its example and its usage comment."""
    templates = Path(current_app.root_path).parent / str(current_app.template_folder)
    return render_template(
        "pages/styleguide/index.html",
        sheets=component_sheets(templates),
        icons=icon_names(templates),
        statuses=list(OrderStatus),
        states=list(ExceptionState),
    )
