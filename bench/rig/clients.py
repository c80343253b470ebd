"""Clients over real HTTP connections, and the time of each request."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4


class Browser:
    """A signed-in person's connection; it keeps cookies, and the CSRF token for posts."""

    def __init__(self, port: int, seconds: float = 30) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=seconds)
        self._cookies: dict[str, str] = {}
        self.csrf_token = ""
        self._seen: dict[str, str] = {}
        self._location = ""

    def reconnect(self) -> None:
        """Drop the connection, so that the next request opens a new one (servers close idle ones)."""
        self._connection.close()

    @property
    def cookies(self) -> str:
        """Return the cookies as a request header has them."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def sign_in(self, username: str, password: str) -> None:
        """Sign in through the form, as a person does."""
        self.get("/login")
        status, _ = self.post("/login", {"username": username, "password": password}, htmx=False)
        if status not in (302, 303):
            raise RuntimeError(f"sign-in answered {status}")
        self.get("/orders")

    def get(self, path: str) -> tuple[int, bytes]:
        """Fetch a page; remember its CSRF token."""
        status, body = self._send("GET", path, None, {})
        if match := re.search(rb'csrf_token" [^>]*value="([^"]+)"|X-CSRFToken[^:]*: ?[^;]*?&#34;([^&]+)&#34;', body):
            self.csrf_token = (match.group(1) or match.group(2)).decode()
        return status, body

    def post(self, path: str, fields: dict[str, str], *, htmx: bool = True) -> tuple[int, bytes]:
        """Post a form."""
        body = urlencode({"csrf_token": self.csrf_token, **fields})
        headers = {"Content-Type": "application/x-www-form-urlencoded", **({"HX-Request": "true"} if htmx else {})}
        return self._send("POST", path, body, headers)

    def send_file(self, path: str, file: Path) -> str:
        """Send a file by the form of the page that was fetched last; return the address to which that leads."""
        mark = uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{self.csrf_token}\r\n'
        head += f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'
        body = head.encode() + file.read_bytes() + f"\r\n--{mark}--\r\n".encode()
        status, _ = self._send("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})
        if status != 303:
            raise RuntimeError(f"the file's form answered {status}")
        return self._location

    def ship(self, item_path: str, tries: int = 2) -> tuple[int, bytes]:
        """Ship one unit of an item, sending the shipped units of its last answer; at the second try those that the
        refusal names, if others shipped since."""
        for _ in range(tries):
            seen, key = self._seen.get(item_path, "0"), uuid4().hex
            fields = {"quantity": "1", "seen_shipped": seen, "idempotency_key": key}
            status, body = self.post(f"{item_path}/shipments", fields)
            if match := re.search(rb'name="seen_shipped" value="([0-9]+)"', body):
                self._seen[item_path] = match[1].decode()
            if status != 409:
                break
        return status, body

    def _send(self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        if self._cookies:
            headers["Cookie"] = self.cookies
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        self._location = answer.headers.get("Location", "")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, content


class ApiClient:
    """A program's connection to the JSON API."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def reconnect(self) -> None:
        """Drop the connection, so that the next request opens a new one (servers close idle ones)."""
        self._connection.close()

    def get(self, path: str) -> Any:
        """Return the JSON of a page that must exist."""
        self._connection.request("GET", f"/api/v1/store{path}", headers=self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"GET {path} answered {answer.status}: {content!r}")
        return json.loads(content)

    def orders(self) -> Iterator[dict[str, Any]]:
        """Yield every order, page after page."""
        cursor = ""
        while True:
            page = self.get("/orders?limit=200" + (f"&cursor={quote(cursor)}" if cursor else ""))
            yield from page["orders"]
            cursor = page["next_cursor"]
            if not cursor:
                return

    def post(self, path: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
        """Send a request with an idempotency key; return status and answer. Raises RuntimeError on a server error."""
        self._request(path, body, key)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 500:
            raise RuntimeError(f"POST {path} answered {answer.status}: {content!r}")
        return answer.status, json.loads(content)

    def post_and_lose_the_reply(self, path: str, body: dict[str, Any], key: str) -> None:
        """Send a request and hang up before the answer, like a tablet that leaves the Wi-Fi."""
        self._request(path, body, key)
        self._connection.close()
        self._connection = HTTPConnection("127.0.0.1", self._port, timeout=60)

    def _request(self, path: str, body: dict[str, Any], key: str) -> None:
        headers = {**self._headers, "Idempotency-Key": key}
        self._connection.request("POST", f"/api/v1/store{path}", json.dumps(body), headers)


@dataclass
class Timings:
    """Seconds of each request, and the wall-clock time of all."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    failed: int = 0

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def percentile(self, share: float) -> float:
        """Return the milliseconds within which ``share`` (0 to 1) of the requests ended."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


Request = Callable[[], bool]


def run_clients(clients: list[Iterator[Request]], seconds: float) -> Timings:
    """Let each client send its requests one after the other for ``seconds``; return all timings together."""
    start = threading.Barrier(len(clients) + 1)
    results = [Timings() for _ in clients]
    stop_at = [0.0]

    def work(requests: Iterator[Request], mine: Timings) -> None:
        start.wait()
        for request in requests:
            begun = perf_counter()
            if begun >= stop_at[0]:
                return
            mine.failed += not request()
            mine.seconds.append(perf_counter() - begun)

    threads = [threading.Thread(target=work, args=pair) for pair in zip(clients, results, strict=True)]
    for thread in threads:
        thread.start()
    stop_at[0] = perf_counter() + seconds
    begun = perf_counter()
    start.wait()
    for thread in threads:
        thread.join()
    total = Timings(elapsed=perf_counter() - begun)
    for mine in results:
        total.seconds += mine.seconds
        total.failed += mine.failed
    return total
