"""Product pictures, for people who work in the store."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Blueprint, Response, current_app, g, session
from werkzeug.exceptions import NotFound

from webapp.auth.guard import requires
from webapp.domain.roles import READERS
from webapp.services.picture_service import read_picture

blueprint = Blueprint("pictures", __name__)

_FOR_GOOD: Final = "private, max-age=31536000, immutable"
"""A name never changes its content; "private" keeps a shop's goods out of shared caches."""

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""An uploaded SVG may style itself, even when opened as a page, but cannot run scripts or load anything."""


@blueprint.get("/pictures/<name>")
@requires(READERS, renews=False)
def show(name: str) -> Response:
    """Send one of the store's own pictures. Raises NotFound, the same for every other name."""
    picture = read_picture(Path(current_app.config["PICTURE_FOLDER"]), g.store_id, name)
    if picture is None:
        raise NotFound
    response = Response(picture.content, mimetype=picture.format.media_type)
    response.headers["Cache-Control"] = _FOR_GOOD
    response.headers["Content-Security-Policy"] = _POLICY
    # Without this, `Vary: Cookie` would make browsers fetch every picture again when the session cookie changes.
    session.accessed = False
    return response
