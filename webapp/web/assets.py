"""Static files with addresses that change with their content, so that browsers keep them for good.

The rules of every component are one file each and are joined into one stylesheet here: no build step, one request.
"""

from __future__ import annotations

import hashlib
from functools import cache, partial
from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, Response, current_app, request
from markupsafe import Markup, escape

from webapp.auth.guard import public

blueprint = Blueprint("assets", __name__)

FOR_GOOD: Final = "public, max-age=31536000, immutable"
STYLESHEET: Final = "packbench.css"
STYLESHEET_PATH: Final = f"/assets/{STYLESHEET}"
_FOUNDATIONS: Final = ("tokens.css", "base.css", "layout.css")


class Assets:
    """The files under static/. Hashes are computed once, or on every request while debugging."""

    def __init__(self, folder: Path, *, remember: bool) -> None:
        self._folder = folder
        self._remember = remember
        self._versions: dict[str, str] = {}
        self._stylesheet = ""

    def address(self, filename: str) -> str:
        """Return the address of a file under static/, or of all rules (``packbench.css``), with its hash."""
        if filename == STYLESHEET:
            return f"{STYLESHEET_PATH}?v={self.stylesheet_version()}"
        return f"/static/{filename}?v={self.version(filename)}"

    def version(self, filename: str) -> str:
        """Return a short hash of the file's content; empty when there is no such file."""
        if filename not in self._versions or not self._remember:
            path = self._folder / filename
            self._versions[filename] = _short_hash(path.read_bytes()) if path.is_file() else ""
        return self._versions[filename]

    def stylesheet(self) -> str:
        """Return tokens, base and layout, then components and pages by name: later rules win."""
        if not self._stylesheet or not self._remember:
            css = self._folder / "css"
            files = [css / name for name in _FOUNDATIONS]
            for part in ("components", "pages"):
                files += sorted((css / part).glob("*.css"))
            self._stylesheet = "\n".join(file.read_text() for file in files)
        return self._stylesheet

    def stylesheet_version(self) -> str:
        """Return a short hash of the joined rules."""
        if "stylesheet" not in self._versions or not self._remember:
            self._versions["stylesheet"] = _short_hash(self.stylesheet().encode())
        return self._versions["stylesheet"]


def register(app: Flask) -> None:
    """Give templates ``asset("js/theme.js")`` and ``asset("packbench.css")``, and cache what has the right hash."""
    assets = app.extensions["assets"] = Assets(Path(app.static_folder or "static"), remember=not app.debug)
    app.register_blueprint(blueprint)

    app.jinja_env.globals["asset"] = assets.address
    app.jinja_env.globals["drawing_of"] = cache(partial(_drawing, app))

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            wanted = assets.version((request.view_args or {})["filename"])
            # An old page may ask for an old hash: what it gets now must not be kept under that name.
            response.headers["Cache-Control"] = FOR_GOOD if request.args.get("v") == wanted else "no-cache"
        return response


@blueprint.get(STYLESHEET_PATH)
@public
def stylesheet() -> Response:
    """Return the rules of all components as one file."""
    assets: Assets = current_app.extensions["assets"]
    kept = request.args.get("v") == assets.stylesheet_version()
    response = Response(assets.stylesheet(), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = FOR_GOOD if kept else "no-cache"
    return response


def _drawing(app: Flask, name: str) -> Markup:
    """Return the lines of an icon. A list draws hundreds: cached, one costs a tenth of an include."""
    return escape(app.jinja_env.get_template(f"components/icons/{name}.svg").module)


def _short_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
