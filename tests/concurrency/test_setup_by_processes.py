"""Several people open the link of an empty database at once, at a server of two processes: one sets the shop up."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from threading import Barrier
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.helpers.server_fixtures import LiveServer
from webapp.cli.setup import link_at_start
from webapp.models import Membership, SetupLink, Store, User

pytestmark = [pytest.mark.both_engines, pytest.mark.server(WEB_CONCURRENCY="2")]

AT_ONCE = 6


def set_up(link: str, number: int, together: Barrier) -> tuple[int, str]:
    """Fill the form in as one person, and send it when all have; return the last answer's status and page."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    with browser.open(link, timeout=30) as answer:
        page = answer.read().decode()
    [token] = set(re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', page))
    form = {
        "csrf_token": token,
        "link": link.partition("link=")[2],
        "store_name": f"Shop {number}",
        "code": f"shop-{number}",
        "time_zone": "UTC",
        "username": f"person-{number}",
        "password": "seven boats at dawn",
        "manager": f"manager-{number}",
        "content": "own",
    }
    together.wait(timeout=60)
    try:
        with browser.open(link.partition("?")[0], urlencode(form).encode(), timeout=60) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()


def test_of_many_at_two_processes_one_person_sets_the_shop_up(app: Flask, live_server: LiveServer, db: Session) -> None:
    links = [link_at_start(app, live_server.url) for _ in range(2)]
    together = Barrier(AT_ONCE)

    with ThreadPoolExecutor(AT_ONCE) as people:
        answers = list(people.map(lambda number: set_up(links[number % 2] or "", number, together), range(AT_ONCE)))

    [winner] = [page for status, page in answers if status == 200]
    assert "The shop is set up." in winner
    losers = [(status, page) for status, page in answers if status != 200]
    assert {status for status, _ in losers} <= {404, 409}
    assert all("sign in" in page.casefold() for _, page in losers)
    assert [len(db.scalars(select(model)).all()) for model in (Store, User, Membership, SetupLink)] == [1, 2, 2, 0]
