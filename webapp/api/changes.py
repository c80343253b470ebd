"""One unit of work for each POST, done once for each idempotency key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, g, request
from sqlalchemy.orm import Session

from webapp.api.answers import json_answer
from webapp.api.problems import problem_response
from webapp.api.requests import read_idempotency_key, read_query
from webapp.database.unit_of_work import Once, fingerprint, unit_of_work
from webapp.extensions import db
from webapp.problems import refusal_again
from webapp.schemas.requests import Values


def change(work: Callable[[Session], Mapping[str, Any]], body: Values) -> Response:
    """Run ``work`` in one unit of work and answer what it returns.

    With an Idempotency-Key, a repeat of the same request (method, path, ``body``) gets the first answer, refusals
    included, and has no effect; the same key with another request raises IdempotencyKeyReused.
    """
    read_query()
    key = read_idempotency_key()
    once = None
    if key is not None:
        same = fingerprint(request.method, request.path, body)
        once = Once(g.store_id, key, g.actor, same, keep_refusals=True)
    outcome = unit_of_work(db.session(), work, once)
    if not outcome.replayed:
        return json_answer(outcome.result)
    if outcome.status < 400:
        answer = json_answer(outcome.result, outcome.status)
    else:
        answer = problem_response(refusal_again(outcome.status, outcome.result))
    answer.headers["Idempotent-Replayed"] = "true"
    return answer
