"""Builds the OpenAPI 3.1 document from routes, schemas and docstrings."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Flask, Response, current_app
from werkzeug.routing import Rule

from webapp.api.describing import description_of, documented, response_name
from webapp.api.problems import CONTENT_TYPE, PROBLEMS, URI_TOO_LONG
from webapp.auth.guard import public
from webapp.domain.quantities import MAX_ID
from webapp.schemas.answers import ProblemSchema

blueprint = Blueprint("api_document", __name__, url_prefix="/api/v1")
ABOUT: Final = "This document: open to everybody."

_DESCRIPTION: Final = """\
What a program may read and change in its store. A token belongs to one store and has one role.

Numbers are ASCII digits without a leading zero. An id that is unknown, or another store's, is the same 404. Every error
is a problem (RFC 9457) whose `code` never changes. Times are UTC, quantities are units.

A POST that may be repeated carries an `Idempotency-Key`: the first answer, refusals of the order or the stock included,
is given again to each repeat, with `Idempotent-Replayed: true`, and nothing happens twice.
"""

_IDEMPOTENCY_KEY: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Makes this request safe to repeat. The same key with another request is refused (422).",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]*$"},
    "example": "7d0c1e6e-order-123-item-1",
}
_NOT_DESCRIBED: Final = {"HEAD", "OPTIONS"}
_ID: Final = re.compile(r"<id:(\w+)>")
_IN_PATH: Final = {"in": "path", "required": True, "schema": {"type": "integer", "minimum": 1, "maximum": MAX_ID}}
_TEXT: Final = {"type": "string"}
_REPLAYED: Final = {
    "description": "`true` on an answer that was given before; absent on a first one.",
    "schema": {"type": "string", "const": "true"},
}


def describe(app: Flask, parts: Mapping[str, str]) -> None:
    """Serve a document of these blueprints' routes. ``parts`` maps each blueprint's name to a description."""
    app.extensions["api_document"] = _Document(app, parts)


@blueprint.get("/openapi.json")
@documented(
    {
        "security": [],
        "responses": {200: {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}}}}},
    }
)
@public
def read_document() -> Response:
    """Read this document."""
    document: _Document = current_app.extensions["api_document"]
    return Response(document.text, content_type="application/json")


class _Document:
    """The document of one application, built on first request: commands and most tests never need it."""

    def __init__(self, app: Flask, parts: Mapping[str, str]) -> None:
        self._app = app
        self._parts = parts

    @cached_property
    def text(self) -> str:
        """Return the document as JSON."""
        spec = APISpec(
            "Packbench",
            "1.0.0",
            "3.1.0",
            [MarshmallowPlugin()],
            info={"description": _DESCRIPTION},
            servers=[{"url": "/", "description": "This server"}],
            security=[{"token": []}],
        )
        _add_shared_parts(spec)
        for name, about in self._parts.items():
            spec.tag({"name": name, "description": about})
        for rule in self._app.url_map.iter_rules():
            self._add_path(spec, rule)
        return json.dumps(spec.to_dict())

    def _add_path(self, spec: APISpec, rule: Rule) -> None:
        part, _, _ = rule.endpoint.partition(".")
        if part not in self._parts:
            return
        operation = {**description_of(self._app.view_functions[rule.endpoint]), "tags": [part]}
        spec.path(
            _ID.sub(r"{\1}", rule.rule),
            operations={method.lower(): operation for method in (rule.methods or set()) - _NOT_DESCRIBED},
            parameters=[{**_IN_PATH, "name": name} for name in _ID.findall(rule.rule)],
        )


def _add_shared_parts(spec: APISpec) -> None:
    parts = spec.components
    token = {"type": "http", "scheme": "bearer", "description": "`flask tokens create` makes one."}
    parts.security_scheme("token", token)
    parts.parameter("IdempotencyKey", "header", _IDEMPOTENCY_KEY)
    parts.header("IdempotentReplayed", _REPLAYED)
    for status, (description, headers) in PROBLEMS.items():
        is_plain = status == URI_TOO_LONG
        content = {"text/plain": {"schema": _TEXT}} if is_plain else {CONTENT_TYPE: {"schema": ProblemSchema}}
        parts.response(response_name(status), {"description": description, "content": content, "headers": headers})
