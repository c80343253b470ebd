"""Runs each POST in one unit of work, once per idempotency key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Response, g, request
from sqlalchemy.orm import Session

from webapp.api.answers import json_answer
from webapp.api.problems import problem_answer
from webapp.api.requests import read_idempotency_key, read_query
from webapp.database.unit_of_work import Once, fingerprint, unit_of_work
from webapp.domain.errors import Busy, Unavailable
from webapp.extensions import db
from webapp.schemas.requests import Values

_LOOK_FIRST: Final = (
    "The database did not confirm the change. Look at the order before you send the request again: "
    "only with an Idempotency-Key is a repeat safe."
)


def change(work: Callable[[Session], Mapping[str, Any]], body: Values) -> Response:
    """Run ``work`` in one unit of work and respond with its result.

    With an Idempotency-Key, a repeat of the same request (method, path, ``body``) returns the first answer, even a
    refusal, and changes nothing; the same key with another request raises IdempotencyKeyReused.
    """
    read_query()
    key = read_idempotency_key()
    once = None
    if key is not None:
        same = fingerprint(request.method, request.path, body)
        once = Once(g.store_id, key, g.actor, same, keep_refusals=True)
    try:
        outcome = unit_of_work(db.session(), work, once)
    except Unavailable as unknown:
        if once or isinstance(unknown, Busy):
            raise
        raise Unavailable(_LOOK_FIRST) from unknown
    if not outcome.replayed:
        return json_answer(outcome.result)
    if outcome.status < 400:
        answer = json_answer(outcome.result, outcome.status)
    else:
        refusal = outcome.result
        answer = problem_answer(outcome.status, refusal["code"], refusal["message"], refusal["data"])
    answer.headers["Idempotent-Replayed"] = "true"
    return answer
