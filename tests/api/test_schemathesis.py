"""Schemathesis against the real server: every operation, with valid and with invalid data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.schemas import BaseSchema
from sqlalchemy.orm import Session

from tests.factories import make_token
from tests.helpers.server_fixtures import LiveServer
from tests.helpers.warehouse import Warehouse
from webapp.models import Store

EXAMPLES = 25
"""Requests drawn for each operation and kind of data."""


@pytest.fixture
def document(live_server: LiveServer, db: Session, store: Store) -> Callable[..., BaseSchema]:
    """Load the document with a manager's token; ``parameters`` fixes values of path parameters."""

    def load(**parameters: int) -> BaseSchema:
        config = {
            "headers": {"Authorization": f"Bearer {make_token(db, store)}"},
            "parameters": {f"path.{name}": value for name, value in parameters.items()},
            "continue-on-failure": True,
            "seed": 20260101,
            "generation": {"max-examples": EXAMPLES, "deterministic": True, "mode": "all", "database": "none"},
        }
        url = f"{live_server.url}/api/v1/openapi.json"
        return schemathesis.openapi.from_url(url, config=SchemathesisConfig.from_dict(config))

    return load


def is_beyond_a_schema(check: str, status: int, answer: bytes) -> bool:
    """Return whether valid data was refused for a reason that no JSON schema can express.

    A key that was used for another request, more than remains to ship, a cursor that was never issued; and 2.0, which
    is an integer in JSON Schema, but no number of units here. Invalid data in an address that is too long was refused
    as well, by the server.
    """
    if check == "negative_data_rejection":
        return status == HTTPStatus.REQUEST_URI_TOO_LONG
    if check != "positive_data_acceptance":
        return False
    problem = json.loads(answer)
    return (
        problem["code"] == "idempotency_key_reused"
        or "cursor" in problem
        or "remaining_quantity" in problem
        or "without a decimal point" in problem["detail"]
    )


def findings(schema: BaseSchema, statuses: Counter[int]) -> Iterator[str]:
    """Run every phase; yield what is wrong, and count the statuses answered."""
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError):
            yield f"{event.label}: {event.value!r}"
        elif isinstance(event, events.FatalError):
            yield repr(event.exception)
        elif isinstance(event, events.ScenarioFinished):
            yield from failed_checks(event.recorder, statuses)


def failed_checks(recorder: Any, statuses: Counter[int]) -> Iterator[str]:
    for interaction in recorder.interactions.values():
        statuses[interaction.response.status_code if interaction.response else 0] += 1
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.status != "failure":
                continue
            answer = recorder.interactions[case_id].response
            if not is_beyond_a_schema(check.name, answer.status_code, answer.content):
                command = recorder.cases[case_id].value.as_curl_command()
                yield f"{check.name}: {check.failure_info.failure}\n{command}\n{answer.status_code} {answer.content!r}"


@pytest.mark.both_engines
def test_schemathesis_finds_nothing(warehouse: Warehouse, document: Callable[..., BaseSchema]) -> None:
    widget, gadget = warehouse.product("Widget", A1=5000), warehouse.product("Gadget", A2=100)
    for _ in range(3):
        warehouse.processing((widget, 200), (gadget, 50))
    to_ship = warehouse.processing((widget, 3000), (gadget, 2))
    statuses: Counter[int] = Counter()

    all_findings = list(findings(document(), statuses))
    one_item = document(order_id=to_ship.id, item_id=warehouse.item(to_ship).id)
    all_findings += findings(one_item.include(path_regex="/(ship|shipment-status|transactions|status)$"), statuses)

    assert all_findings == []
    assert {200, 401, 404, 405, 409, 415, 422} <= set(statuses)
    assert not {status for status in statuses if status == 0 or status >= 500}
