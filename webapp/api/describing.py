"""Attaches to each view its part of the OpenAPI document: answer, parameters, refusals."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Any, Final, TypeVar

from marshmallow import Schema

View = TypeVar("View", bound=Callable[..., Any])

READING_A_LIST: Final = (401, 403, 414, 422, 500, 503)
READING_ONE: Final = (401, 403, 404, 414, 422, 500, 503)
CHANGING: Final = (401, 403, 404, 409, 413, 414, 415, 422, 500, 503)
"""Error statuses that each kind of operation may return."""

_MARK: Final = "described"
"""Attribute of a view that holds its part of the document."""


def describes(
    answer: type[Schema],
    refusals: Collection[int],
    *,
    query: type[Schema] | None = None,
    body: type[Schema] | None = None,
    body_required: bool = True,
    example: dict[str, Any] | None = None,
) -> Callable[[View], View]:
    """Describe a view: its answer, input and error statuses. Its docstring gives summary and description."""
    good: dict[str, Any] = {"schema": answer, **({"example": example} if example else {})}
    described: dict[str, Any] = {
        "responses": {
            200: {"description": HTTPStatus.OK.phrase, "content": {"application/json": good}},
            **{status: response_name(status) for status in refusals},
        },
        "parameters": [{"in": "query", "schema": query}] if query else [],
    }
    if body:
        described["responses"][200]["headers"] = {"Idempotent-Replayed": "IdempotentReplayed"}
        described["parameters"].append("IdempotencyKey")
        described["requestBody"] = {"required": body_required, "content": {"application/json": {"schema": body}}}

    return documented(described)


def documented(described: dict[str, Any]) -> Callable[[View], View]:
    """Describe a view with a raw OpenAPI operation; the function's name is the operation id."""

    def document(view: View) -> View:
        setattr(view, _MARK, {"operationId": view.__name__, **described})
        return view

    return document


def description_of(view: Callable[..., Any]) -> dict[str, Any]:
    """Return the view's OpenAPI operation: summary and description from its docstring, the rest from its decorator."""
    summary, _, description = inspect.cleandoc(view.__doc__ or "").partition("\n\n")
    words = {"summary": summary, "description": description}
    return {**{name: text for name, text in words.items() if text}, **getattr(view, _MARK)}


def response_name(status: int) -> str:
    """Return the name of an error status among the document's reusable responses."""
    return HTTPStatus(status).phrase.replace(" ", "")
