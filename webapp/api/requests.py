"""Read what a program sent. Anything unexpected is refused with a sentence, and nothing changes."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from webapp.domain.errors import InvalidInput
from webapp.schemas.requests import NothingSchema, Values

_KEY: Final = re.compile(r"[\x20-\x7e]{1,255}", re.ASCII)
_MOST_DIGITS: Final = 20
_NOTHING: Final = NothingSchema()


def read_body(schema: Schema) -> Values:
    """Return the request's JSON object, read by ``schema``; no body at all counts as an empty object.

    Raises UnsupportedMediaType for another content type, InvalidInput (InvalidQuantity, …) for an unexpected field or
    value.
    """
    content = request.get_data(cache=False)
    if not content:
        return _load(schema, {})
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    return _load(schema, _parse(content))


def read_query(schema: Schema = _NOTHING) -> Values:
    """Return the query parameters, read by ``schema``, which allows none by default.

    Raises InvalidInput, also for a parameter that comes twice.
    """
    if not request.query_string:
        return _load(schema, {})
    for name, values in request.args.lists():
        if len(values) > 1:
            raise InvalidInput(f"“{_short(name)}” is given more than once.", field=_short(name))
    return _load(schema, request.args.to_dict())


def read_idempotency_key() -> str | None:
    """Return the Idempotency-Key header, or None without one. Raises InvalidInput for a malformed key."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise InvalidInput("The Idempotency-Key must be 1 to 255 printable ASCII characters.", field="Idempotency-Key")
    return key


def _load(schema: Schema, values: Any) -> Values:
    try:
        loaded: Values = schema.load(values)
    except ValidationError as error:
        name, sentences = next(iter(dict(error.messages_dict).items()))
        if name == "_schema":
            raise InvalidInput(sentences[0]) from None
        raise InvalidInput(f"“{_short(name)}” {sentences[0]}", field=_short(name)) from None
    return loaded


def _parse(content: bytes) -> Any:
    try:
        return json.loads(
            content.decode(),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_finite,
            parse_constant=_constant,
        )
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise InvalidInput("The body is not valid JSON.") from None
    except RecursionError:
        raise InvalidInput("The body is nested too deeply.") from None


def _object(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        # JSON parsers disagree on which of two equal keys counts, so refuse them.
        raise InvalidInput("The body names a field twice.")
    return members


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise InvalidInput("The body holds a number that is too large.")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise InvalidInput("The body holds a number that is too large.")
    return number


def _constant(name: str) -> NoReturn:
    raise InvalidInput(f"The body is not valid JSON: it knows no {name}.")


def _short(name: str) -> str:
    return name if len(name) <= 64 else f"{name[:63]}…"
