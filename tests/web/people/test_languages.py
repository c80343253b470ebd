"""The language of a page, and how it shows times and numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.helpers.cast import Cast, Part
from tests.helpers.markup import parse
from webapp import languages
from webapp.domain.wording import say, say_number


def spoken(client: FlaskClient, path: str = "/login", accepted: str = "") -> str:
    """Return the language that a page says it is in."""
    html = parse(client.get(path, headers={"Accept-Language": accepted} if accepted else {}).text).one("html")
    return str(html["lang"])


class TestBrowser:
    @pytest.mark.parametrize(
        ("accepted", "language"),
        [
            ("", "en"),
            ("de", "de"),
            ("de-AT,de;q=0.9,en;q=0.5", "de"),
            ("fr-CH, fr;q=0.9", "fr"),
            ("lb-LU,de;q=0.8", "lb"),
            ("ja,pt;q=0.8", "en"),
            ("ja,fr;q=0.3", "fr"),
            ("*", "en"),
            ("de;q=0,fr;q=0.1", "fr"),
            ("\u00e9;;=,", "en"),
        ],
    )
    def test_its_wish_is_met_where_nobody_chose(self, client: FlaskClient, accepted: str, language: str) -> None:
        assert spoken(client, accepted=accepted) == language


class TestChoice:
    def test_it_wins_over_the_browser_before_anybody_signs_in(self, client: FlaskClient) -> None:
        answer = client.post("/language", data={"language": "fr", "next": "/login?next=%2Fstock"})

        assert (answer.status_code, answer.location) == (303, "/login?next=%2Fstock")
        assert spoken(client, accepted="de") == "fr"

    def test_it_follows_the_person_to_another_tablet(
        self, client_as: Callable[[Part], FlaskClient], cast: Cast, db: Session
    ) -> None:
        client_as("packer").post("/language", data={"language": "lb"})

        assert spoken(client_as("packer"), "/orders", "fr") == "lb"
        assert spoken(client_as("manager"), "/orders", "fr") == "fr"

    def test_it_ends_with_the_session_on_a_shared_tablet(self, client_as: Callable[[Part], FlaskClient]) -> None:
        client = client_as("packer")
        client.post("/language", data={"language": "de"})

        client.post("/logout")

        assert spoken(client, accepted="fr") == "fr"

    @pytest.mark.parametrize("language", ["", "xx", "EN", "de\x01", "../../etc"])
    def test_what_we_do_not_speak_is_refused(self, client_as: Callable[[Part], FlaskClient], language: str) -> None:
        client = client_as("packer")

        answer = client.post("/language", data={"language": language})

        assert answer.status_code == 422
        assert "Choose one from the list." in answer.text
        assert spoken(client, "/orders") == "en"

    @pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "/\\example.org", ""])
    def test_it_leads_nowhere_else(self, client: FlaskClient, elsewhere: str) -> None:
        answer = client.post("/language", data={"language": "de", "next": elsewhere})

        assert answer.location.startswith("/")
        assert "example" not in answer.location


class TestSaying:
    @pytest.mark.parametrize(
        ("language", "said"),
        [("en", "1,234,567"), ("de", "1.234.567"), ("fr", "1\u202f234\u202f567"), ("lb", "1.234.567")],
    )
    def test_a_number_has_the_languages_separators(self, app: Flask, language: str, said: str) -> None:
        with app.test_request_context(headers={"Accept-Language": language}):
            assert languages.number(1234567) == said

    @pytest.mark.parametrize("number", [-999, -1, 0, 1, 999])
    def test_a_small_number_is_itself(self, number: int) -> None:
        assert languages.number(number) == str(number)

    def test_a_program_reads_english_and_a_page_the_pattern(self) -> None:
        sentence = say("Cannot ship %(units)s units", units=3)

        assert (sentence, sentence.pattern) == ("Cannot ship 3 units", "Cannot ship %(units)s units")

    @pytest.mark.parametrize(("number", "said"), [(0, "0 units left"), (1, "1 unit left"), (2, "2 units left")])
    def test_one_is_told_from_several(self, number: int, said: str) -> None:
        sentence = say_number("%(num)s unit left", "%(num)s units left", number)

        assert sentence == said
        assert languages.translate(sentence) == said

    def test_a_sentence_without_values_may_hold_a_percent_sign(self) -> None:
        assert languages.translate(say("100 % sure")) == "100 % sure"
