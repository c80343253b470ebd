"""The OpenAPI 3.1 document, made from the routes, the schemas and the docstrings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from flask import Blueprint, Flask, Response, current_app
from flask_smorest import Api

from webapp.api.describing import ApiBlueprint, documented, response_name
from webapp.api.problems import CONTENT_TYPE, PROBLEMS
from webapp.auth.guard import public
from webapp.domain.quantities import MAX_ID
from webapp.paths import IdConverter
from webapp.schemas.answers import ProblemSchema

blueprint: Blueprint = ApiBlueprint(
    "api_document", __name__, url_prefix="/api/v1", description="This document: open to everybody."
)

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
_REPLAYED: Final = {
    "description": "`true` on an answer that was given before; absent on a first one.",
    "schema": {"type": "string", "const": "true"},
}


def describe(app: Flask, blueprints: Sequence[ApiBlueprint]) -> None:
    """Let the application serve a document of these blueprints, which are registered already."""
    app.extensions["api_document"] = _Document(app, blueprints)


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
    """The document of one application, written when somebody first asks for it: commands and tests never do."""

    def __init__(self, app: Flask, blueprints: Sequence[ApiBlueprint]) -> None:
        self._app = app
        self._blueprints = blueprints

    @cached_property
    def text(self) -> str:
        """The document as JSON."""
        api = _Api(
            self._app,
            spec_kwargs={
                "title": "Packbench",
                "version": "1.0.0",
                "openapi_version": "3.1.0",
                "info": {"description": _DESCRIPTION},
                "servers": [{"url": "/", "description": "This server"}],
                "security": [{"token": []}],
            },
        )
        api.register_converter(IdConverter, lambda _: {"type": "integer", "minimum": 1, "maximum": MAX_ID})
        _add_shared_parts(api)
        for described in self._blueprints:
            described.register_views_in_doc(api, self._app, api.spec, name=described.name, parameters=None)
            api.spec.tag({"name": described.name, "description": described.description})
        return json.dumps(api.spec.to_dict())


def _add_shared_parts(api: Api) -> None:
    parts = api.spec.components
    token = {"type": "http", "scheme": "bearer", "description": "`flask tokens create` makes one."}
    parts.security_scheme("token", token)
    parts.parameter("IdempotencyKey", "header", _IDEMPOTENCY_KEY)
    parts.header("IdempotentReplayed", _REPLAYED)
    for status, (description, headers) in PROBLEMS.items():
        content = {CONTENT_TYPE: {"schema": ProblemSchema}}
        parts.response(response_name(status), {"description": description, "content": content, "headers": headers})


class _Api(Api):  # type: ignore[misc]  # The library has no types.
    """Describes only: the application answers errors itself, as problems."""

    DEFAULT_ERROR_RESPONSE_NAME = None  # Each operation names its own.

    def _register_error_handlers(self) -> None:
        pass
