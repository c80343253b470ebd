"""Forms sent by other sites."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.helpers.sessions import A_PAGE, SIGN_IN


@pytest.mark.app_config(WTF_CSRF_ENABLED=True)
class TestForgedForms:
    def sign_in(self, client: FlaskClient) -> None:
        form = client.get("/login").text
        token = form.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        assert client.post("/login", data={**SIGN_IN, "csrf_token": token}).status_code == 303

    @pytest.mark.usefixtures("cast")
    def test_are_refused_while_one_is_signed_in(self, client: FlaskClient) -> None:
        self.sign_in(client)

        answer = client.post("/store", data={"store_id": "1"})

        assert answer.status_code == 400
        assert "This form has expired" in answer.text

    @pytest.mark.usefixtures("cast")
    def test_cannot_sign_anybody_in_or_out(self, client: FlaskClient) -> None:
        assert client.post("/login", data=SIGN_IN).status_code == 400

        self.sign_in(client)
        assert client.post("/logout").status_code == 400
        assert client.get(A_PAGE).status_code == 200

    @pytest.mark.usefixtures("cast")
    def test_from_an_ended_session_lead_to_the_sign_in(self, client: FlaskClient) -> None:
        answer = client.post("/store", data={"store_id": "1"})

        assert (answer.status_code, answer.location) == (303, "/login")

    @pytest.mark.usefixtures("cast")
    def test_every_page_hands_htmx_a_token_that_is_taken(self, client: FlaskClient) -> None:
        self.sign_in(client)
        page = client.get(A_PAGE).text
        token = page.split('{"X-CSRFToken": "')[1].split('"')[0]

        answer = client.post("/logout", headers={"X-CSRFToken": token, "HX-Request": "true"})

        assert answer.status_code == 303
