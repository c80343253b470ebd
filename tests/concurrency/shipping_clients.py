"""Programs that ship over HTTP, one unit per request, and log what the server acknowledged."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Event

_PAUSE_SECONDS = 0.01
"""Between requests, so that the clients leave time to what runs beside them."""


@dataclass
class Client:
    """One program. ``sent`` are the paths of its requests by key, ``acknowledged`` the units it was told have left."""

    host: str
    token: str
    paths: list[str]
    name: str
    acknowledged: dict[str, int] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def ship_until(self, enough: Event) -> None:
        """Ship one unit after the other, from each path in turn, until ``enough`` or the server is gone."""
        number = 0
        with closing(http.client.HTTPConnection(self.host, timeout=30)) as connection:
            while not enough.wait(_PAUSE_SECONDS):
                key, path = f"{self.name}-{number}", self.paths[number % len(self.paths)]
                number += 1
                try:
                    self.ship(connection, key, path)
                except (OSError, http.client.HTTPException):
                    return

    def repeat(self) -> None:
        """Send every request again that was sent and never answered."""
        with closing(http.client.HTTPConnection(self.host, timeout=30)) as connection:
            for key, path in self.sent.items():
                if key not in self.acknowledged:
                    self.ship(connection, key, path)

    def ship(self, connection: http.client.HTTPConnection, key: str, path: str) -> None:
        self.sent[key] = path
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key, "Content-Type": "application/json"}
        connection.request("POST", path, json.dumps({"quantity": 1}), headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status == 200:
            self.acknowledged[key] = json.loads(body)["fulfilled_quantity"]
        else:
            self.refused.append(f"{answer.status} {body.decode()}")


def acknowledged_units(clients: list[Client]) -> Counter[str]:
    """Units by item path, as the clients' own logs have them."""
    units = Counter[str]()
    for client in clients:
        for key, shipped in client.acknowledged.items():
            units[client.sent[key]] += shipped
    return units


@contextmanager
def shipping(clients: list[Client]) -> Iterator[list[Future[None]]]:
    """Let the clients ship at once until the block ends."""
    enough = Event()
    with ThreadPoolExecutor(len(clients)) as threads:
        running = [threads.submit(client.ship_until, enough) for client in clients]
        try:
            yield running
        finally:
            enough.set()
    for program in running:
        program.result()
