"""Pictures of products, to those who work in the store."""

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
"""A name stands for one content for ever; caches that several people share have no business with a shop's goods."""

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A drawing that somebody brought may colour itself, also when it is opened as a page, and can run and load nothing."""


@blueprint.get("/pictures/<name>")
@requires(READERS)
def show(name: str) -> Response:
    """Send one of the store's own pictures. Raises NotFound, the same for every name that is none of them."""
    picture = read_picture(Path(current_app.config["PICTURE_FOLDER"]), g.store_id, name)
    if picture is None:
        raise NotFound
    response = Response(picture.content, mimetype=picture.format.media_type)
    response.headers["Cache-Control"] = _FOR_GOOD
    response.headers["Content-Security-Policy"] = _POLICY
    # Else `Vary: Cookie` would have the browser fetch every picture again whenever the session is signed anew.
    session.accessed = False
    return response
