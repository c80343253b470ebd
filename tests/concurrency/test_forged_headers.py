"""The real server believes nothing that a client says about its path and scheme."""

from __future__ import annotations

from urllib.request import Request, urlopen

import pytest

from tests.helpers.server_fixtures import LiveServer

pytestmark = pytest.mark.usefixtures("cast")


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "PATH_INFO", "REMOTE_USER"])
def test_a_path_in_a_header_moves_nothing(live_server: LiveServer, name: str) -> None:
    for path in ("//evil.example", "/x"):
        request = Request(f"{live_server.url}/login", headers={name: path})

        with urlopen(request, timeout=20) as answer:
            page = answer.read().decode()

        assert answer.status == 200
        assert "evil.example" not in page
        assert 'action="/login"' in page


def test_a_scheme_in_a_header_is_not_believed(live_server: LiveServer) -> None:
    request = Request(f"{live_server.url}/orders", headers={"X-Forwarded-Proto": "https"})

    with urlopen(request, timeout=20) as answer:
        assert answer.url.startswith("http://")
