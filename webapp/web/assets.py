"""Serves static files under addresses that change with their content, so that browsers keep them for a year.

Each file is read, hashed and compressed once, then served from memory: all together are a few hundred kilobytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from mimetypes import MimeTypes
from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, Response, current_app, request
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from webapp.auth.guard import public
from webapp.compression import accepts_gzip, compress_file, is_compressible
from webapp.web.scripts import drawers, join_scripts
from webapp.web.stylesheet import join_rules

blueprint = Blueprint("assets", __name__)

FOR_GOOD: Final = "public, max-age=31536000, immutable"
_MIMETYPES: Final = MimeTypes()
_MIMETYPES.add_type("font/woff2", ".woff2")  # Older Pythons and minimal systems do not know it.
_PINNED: Final = re.compile(r"vendor/.*-\d+\.\d+\.\d+")
"""File names that contain a version, as CSS refers to them: their content never changes."""
STYLESHEET: Final = "packbench.css"
STYLESHEET_PATH: Final = f"/assets/{STYLESHEET}"
_DRAWER: Final = re.compile(r"([a-z]+)\.js")
"""The name of a drawer's joined scripts."""


@dataclass(frozen=True)
class Asset:
    """A file as browsers get it. ``gzipped`` is empty if compression does not help."""

    content: bytes
    mimetype: str
    version: str
    gzipped: bytes

    @classmethod
    def of(cls, name: str, content: bytes) -> Asset:
        """Return the file ``name``, with a short hash of its content, compressed if that makes it smaller."""
        mimetype = _MIMETYPES.guess_type(name)[0] or "application/octet-stream"
        gzipped = compress_file(content) if is_compressible(mimetype) else b""
        return cls(content, mimetype, sha256(content).hexdigest()[:12], gzipped if len(gzipped) < len(content) else b"")


class Assets:
    """The files under static/: read once, or on every request while debugging."""

    def __init__(self, folder: Path, *, remember: bool) -> None:
        self._folder = folder
        self._remember = remember
        self._assets: dict[str, Asset] = {}

    def href(self, filename: str) -> str:
        """Return the address, with its hash, of a file under static/, of the stylesheet, or of a drawer's scripts."""
        if filename == STYLESHEET:
            return f"{STYLESHEET_PATH}?v={self.stylesheet().version}"
        if drawer := _DRAWER.fullmatch(filename):
            scripts = self.scripts(drawer[1])
            return f"/assets/{filename}?v={scripts.version if scripts else ''}"
        file = self.file(filename)
        return f"/static/{filename}?v={file.version if file else ''}"

    def stylesheet(self) -> Asset:
        """Return the CSS of all components as one file."""
        return self._kept(STYLESHEET_PATH, lambda: join_rules(self._folder / "css").encode())

    def scripts(self, drawer: str) -> Asset | None:
        """Return a drawer of static/js as one file; None if there is no such drawer."""
        folder = self._folder / "js"
        path = f"/assets/{drawer}.js"
        if path not in self._assets and drawer not in drawers(folder):
            return None
        return self._kept(path, lambda: join_scripts(folder, drawer).encode())

    def file(self, filename: str) -> Asset | None:
        """Return a file under static/; None if there is none, or the name leads out of the folder."""
        if self._remember and filename in self._assets:
            return self._assets[filename]
        joined = safe_join(str(self._folder), filename)
        path = Path(joined) if joined else self._folder
        return self._kept(filename, path.read_bytes) if path.is_file() else None

    def _kept(self, name: str, read: Callable[[], bytes]) -> Asset:
        if name not in self._assets or not self._remember:
            self._assets[name] = Asset.of(name, read())
        return self._assets[name]


def register(app: Flask) -> None:
    """Give templates ``asset("packbench.css")``, ``asset("picking.js")`` (that drawer's scripts) and
    ``asset("js/theme.js")`` (a file), and serve them. ``pinned`` is for names that contain a version."""
    assets = app.extensions["assets"] = Assets(Path(app.static_folder or "static"), remember=not app.debug)
    app.view_functions["static"] = static_file

    app.jinja_env.globals["asset"] = assets.href
    app.jinja_env.globals["pinned"] = "/static/{}".format
    app.jinja_env.globals["drawn_icon"] = _icons_of(app)


@blueprint.get(STYLESHEET_PATH)
@public
def stylesheet() -> Response:
    """Return the CSS of all components."""
    return _answer(_assets().stylesheet())


@blueprint.get("/assets/<drawer>.js")
@public
def scripts(drawer: str) -> Response:
    """Return the scripts of a drawer. Raises NotFound."""
    joined = _assets().scripts(drawer)
    if joined is None:
        raise NotFound
    return _answer(joined)


@public
def static_file(filename: str) -> Response:
    """Return a file under static/. Raises NotFound."""
    file = _assets().file(filename)
    if file is None:
        raise NotFound
    return _answer(file, is_pinned=_PINNED.match(filename) is not None)


def _answer(asset: Asset, *, is_pinned: bool = False) -> Response:
    """Respond with the file, a range of it, or 304 (RFC 9110, sections 13 and 14)."""
    # Ranges count bytes of the uncompressed file; the two forms have different ETags.
    gzipped = bool(asset.gzipped) and accepts_gzip() and "Range" not in request.headers
    response = Response(asset.gzipped if gzipped else asset.content, mimetype=asset.mimetype)
    if gzipped:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(f"{asset.version}-gzip" if gzipped else asset.version)
    # An old page may ask with an old hash; it gets the new content, which must not be cached under that hash.
    response.headers["Cache-Control"] = FOR_GOOD if is_pinned or request.args.get("v") == asset.version else "no-cache"
    response.make_conditional(request, accept_ranges=not gzipped, complete_length=len(asset.content))
    return response


def _assets() -> Assets:
    assets: Assets = current_app.extensions["assets"]
    return assets


def _icons_of(app: Flask) -> Callable[..., Markup]:
    """Return the function that renders icons. Each icon is rendered once per size (a page shows dozens, in three
    sizes)."""

    @cache
    def draw(name: str, size: str | None, css: str | None) -> Markup:
        drawing = escape(app.jinja_env.get_template(f"components/icons/{name}.svg").module)
        icon = app.jinja_env.get_template("components/_icon.html")
        return escape(icon.make_module({"drawing": drawing, "size": size, "css": css}))

    return lambda name, size=None, css=None: draw(name, size, css)
