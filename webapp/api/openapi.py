"""The OpenAPI 3.1 document, made from the routes, the schemas and the docstrings."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Any, Final, TypeVar

from flask import Blueprint, Flask, Response, current_app
from flask_smorest import Api
from flask_smorest import Blueprint as ApiBlueprint
from marshmallow import Schema

from webapp.api.problems import CONTENT_TYPE, PROBLEMS
from webapp.auth.guard import public
from webapp.domain.quantities import MAX_ID
from webapp.paths import IdConverter
from webapp.schemas.answers import ProblemSchema

__all__ = ["CHANGING", "READING_A_LIST", "READING_ONE", "ApiBlueprint", "blueprint", "describes", "new_document"]

View = TypeVar("View", bound=Callable[..., Any])

blueprint: Blueprint = ApiBlueprint(
    "api_document", __name__, url_prefix="/api/v1", description="This document: open to everybody."
)

READING_A_LIST: Final = (401, 403, 422, 500, 503)
READING_ONE: Final = (401, 403, 404, 422, 500, 503)
CHANGING: Final = (401, 403, 404, 409, 413, 415, 422, 500, 503)
"""Statuses with which a kind of operation may be refused."""

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


def new_document(app: Flask) -> Api:
    """Return a new document for the application; blueprints registered with it are described in it."""
    document = _Document(
        app,
        spec_kwargs={
            "title": "Packbench",
            "version": "1.0.0",
            "openapi_version": "3.1.0",
            "info": {"description": _DESCRIPTION},
            "servers": [{"url": "/", "description": "This server"}],
            "security": [{"token": []}],
        },
    )
    document.register_converter(IdConverter, lambda _: {"type": "integer", "minimum": 1, "maximum": MAX_ID})
    parts = document.spec.components
    parts.security_scheme(
        "token", {"type": "http", "scheme": "bearer", "description": "`flask tokens create` makes one."}
    )
    parts.parameter("IdempotencyKey", "header", _IDEMPOTENCY_KEY)
    parts.header("IdempotentReplayed", _REPLAYED)
    for status, (description, headers) in PROBLEMS.items():
        content = {CONTENT_TYPE: {"schema": ProblemSchema}}
        parts.response(_name(status), {"description": description, "content": content, "headers": headers})
    app.extensions["api_document"] = document
    return document


def describes(
    answer: type[Schema],
    refusals: Collection[int],
    *,
    query: type[Schema] | None = None,
    body: type[Schema] | None = None,
    body_required: bool = True,
    example: dict[str, Any] | None = None,
) -> Callable[[View], View]:
    """Describe a view: what it answers, takes and refuses. Its docstring is the summary and the description."""
    good: dict[str, Any] = {"schema": answer, **({"example": example} if example else {})}
    described: dict[str, Any] = {
        "responses": {
            200: {"description": HTTPStatus.OK.phrase, "content": {"application/json": good}},
            **{status: _name(status) for status in refusals},
        },
        "parameters": [{"in": "query", "schema": query}] if query else [],
    }
    if body:
        described["responses"][200]["headers"] = {"Idempotent-Replayed": "IdempotentReplayed"}
        described["parameters"].append("IdempotencyKey")
        described["requestBody"] = {"required": body_required, "content": {"application/json": {"schema": body}}}

    return _documented(described)


def _documented(described: dict[str, Any]) -> Callable[[View], View]:
    def document(view: View) -> View:
        documented: View = ApiBlueprint.doc(operationId=view.__name__, **described)(view)
        return documented

    return document


@blueprint.get("/openapi.json")
@_documented(
    {
        "security": [],
        "responses": {200: {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}}}}},
    }
)
@public
def read_document() -> Response:
    """Read this document."""
    spec = current_app.extensions["api_document"].spec
    return Response(json.dumps(spec.to_dict()), content_type="application/json")


class _Document(Api):  # type: ignore[misc]  # The library has no types.
    """Describes only: the application answers errors itself, as problems."""

    DEFAULT_ERROR_RESPONSE_NAME = None  # Each operation names its own.

    def _register_error_handlers(self) -> None:
        pass


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.replace(" ", "")
