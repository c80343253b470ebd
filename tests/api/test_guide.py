"""docs/api.md: each command is sent as written, and its answer is the one shown."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from urllib.request import HTTPErrorProcessor, Request, build_opener

from sqlalchemy.orm import Session

from tests.factories import make_inventory, make_order, make_product, make_store, make_token
from tests.helpers.server_fixtures import LiveServer

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
COMMAND_AND_ANSWER = re.compile(r"```sh\n(curl .*?)```\n\n```json\n(.*?)```", re.DOTALL)


class _AnyStatus(HTTPErrorProcessor):
    """Returns problems as responses."""

    def http_response(self, request: object, response: object) -> object:
        return response


def run(command: str, **variables: str) -> dict[str, object]:
    """Send what a curl command of the guide sends, and return the JSON answer."""
    words = iter(shlex.split(Template(command).substitute(variables)))
    headers, content, url = {}, None, ""
    for word in words:
        match word:
            case "curl":
                continue
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "-d":
                content = next(words).encode()
            case _:
                url = word
    with build_opener(_AnyStatus).open(Request(url, content, headers), timeout=30) as answer:
        got: dict[str, object] = json.load(answer)
    return got


def test_the_commands_of_the_guide_answer_as_it_shows(db: Session, live_server: LiveServer) -> None:
    store = make_store(db)
    products = [make_product(db, store, name) for name in ("Widget A", "Widget B")]
    for product in products:
        make_inventory(db, product, 10)
    make_order(
        db,
        store,
        zip(products, (2, 3), strict=True),
        order_number="ORD-1-20260101-ABC123",
        ordered_at=datetime(2026, 1, 1, 9, tzinfo=UTC),
        ship_by=datetime(2026, 1, 3, 9, tzinfo=UTC),
    )
    token = make_token(db, store)

    shown = COMMAND_AND_ANSWER.findall(GUIDE.read_text())

    assert len(shown) == GUIDE.read_text().count("\ncurl ")
    for command, answer in shown:
        assert run(command, TOKEN=token, URL=f"{live_server.url}/api/v1/store") == json.loads(answer), command
