"""The people of a store: invitations, roles, accounts, and what no administrator may do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.factories import make_user
from tests.helpers.cast import NAMES, Cast, Part, also_in_other_store
from tests.helpers.sessions import A_PAGE
from tests.helpers.tablet import Answer, Tablet
from webapp.domain.roles import Role
from webapp.models import Membership, OneTimeLink, User

Open = Callable[[Part], FlaskClient]
ACTS = ("role", "sign-out", "closing", "opening", "removal", "password-link")


def person_id(db: Session, part: Part) -> int:
    db.rollback()
    return db.scalars(select(User.id).where(User.username == NAMES[part])).one()


def role_of(db: Session, cast: Cast, part: Part) -> Role | None:
    db.rollback()
    of_store = (Membership.store_id == cast.store.id) & (Membership.user_id == person_id(db, part))
    return db.scalar(select(Membership.role).where(of_store))


def is_open(db: Session, part: Part) -> bool:
    db.rollback()
    return db.scalars(select(User.is_active).where(User.username == NAMES[part])).one()


def is_signed_in(client: FlaskClient) -> bool:
    return client.get(A_PAGE).status_code == 200


def act(admin: Tablet, db: Session, part: Part, name: str, **fields: object) -> Answer:
    return admin.post(f"/people/{person_id(db, part)}/{name}", fields, htmx=False)


def link_on(answer: Answer) -> str:
    assert answer.status == 200
    return answer.root.one("textarea", id="shown-once").words


def paths_of(db: Session, part: Part) -> list[str]:
    return [f"/people/{person_id(db, part)}{end}" for end in ("", *(f"/{name}" for name in ACTS))]


class TestTheList:
    def test_names_everybody_of_the_store_and_nobody_else(self, admin: Tablet, cast: Cast) -> None:
        words = admin.get("/people").words

        for part in ("packer", "manager", "supervisor", "admin"):
            assert NAMES[part] in words
        assert NAMES["outsider"] not in words

    def test_leads_to_each_person(self, admin: Tablet, db: Session) -> None:
        link = next(one for one in admin.get("/people").root.all("a") if one.words == NAMES["packer"])

        assert link["href"] == f"/people/{person_id(db, 'packer')}"
        assert "never signed in" in admin.get(link["href"]).words


class TestAnInvitation:
    def test_is_shown_once_as_a_link_and_kept_as_a_hash(self, admin: Tablet, db: Session) -> None:
        answer = admin.post("/people/invitations", {"username": "pia", "role": "packer"}, htmx=False)
        link = link_on(answer)
        kept = db.scalars(select(OneTimeLink)).one()

        assert re.fullmatch(r"http://localhost/join\?link=\d+_[\w-]{43}", link)
        assert link.partition("_")[2] not in f"{kept.token_hash} {admin.get('/people').response.text}"
        assert answer.response.headers["Cache-Control"] == "no-store"
        assert "pia" in admin.get("/people").words

    def test_sent_twice_is_one_and_shows_the_same_link(self, admin: Tablet, db: Session) -> None:
        fields: dict[str, object] = {"username": "pia", "role": "packer", "idempotency_key": "tap"}

        links = {link_on(admin.post("/people/invitations", fields, htmx=False)) for _ in range(2)}
        another = link_on(admin.post("/people/invitations", {**fields, "idempotency_key": "2"}, htmx=False))

        assert len(links) == 1
        assert another not in links
        assert len(db.scalars(select(OneTimeLink)).all()) == 2

    def test_of_one_form_is_not_that_of_another_administrator(
        self, admin: Tablet, tablet_of: Callable[[Part], Tablet], db: Session, cast: Cast
    ) -> None:
        db.execute(update(Membership).where(Membership.role == Role.SUPERVISOR).values(role=Role.ADMIN))
        db.commit()
        fields: dict[str, object] = {"username": "pia", "role": "packer", "idempotency_key": "tap"}
        admin.post("/people/invitations", fields, htmx=False)

        answer = tablet_of("supervisor").post("/people/invitations", fields, htmx=False)

        assert answer.status == 422
        assert "Somebody else used" in answer.words

    @pytest.mark.parametrize(
        ("fields", "field", "sentence"),
        [
            ({"username": "", "role": "packer"}, "username", "A username is 1 to 64 letters"),
            ({"username": "x" * 65, "role": "packer"}, "username", "A username is 1 to 64 letters"),
            ({"username": "pia pia", "role": "packer"}, "username", "A username is 1 to 64 letters"),
            ({"username": "import", "role": "packer"}, "username", "stands for a program"),
            ({"username": "pia", "role": "owner"}, "role", "Choose one of the roles."),
            ({"username": "pia"}, "role", "Choose one of the roles."),
        ],
    )
    def test_that_cannot_be_is_refused_at_its_field(
        self, admin: Tablet, db: Session, fields: dict[str, object], field: str, sentence: str
    ) -> None:
        answer = admin.post("/people/invitations", fields, htmx=False)

        assert answer.status == 422
        assert sentence in answer.root.one(id=f"{field}-error").words
        assert answer.root.one("input", id="username")["value"] == fields["username"]
        assert db.scalars(select(OneTimeLink)).all() == []

    def test_can_be_withdrawn_once_and_only_in_its_store(
        self, admin: Tablet, db: Session, cast: Cast, client: FlaskClient
    ) -> None:
        link = link_on(admin.post("/people/invitations", {"username": "pia", "role": "packer"}, htmx=False))
        kept = db.scalars(select(OneTimeLink)).one()
        foreign = OneTimeLink(
            store_id=cast.other_store.id, token_hash="x", username="pia", role=Role.PACKER, made_by="x",
            expires_at=kept.expires_at,
        )  # fmt: skip
        db.add(foreign)
        db.commit()

        admin.post(f"/people/invitations/{foreign.id}/withdrawal", htmx=False)
        assert "used or withdrawn already" in admin.get("/people").words
        for sentence in ("The invitation of pia is withdrawn.", "used or withdrawn already"):
            admin.post(f"/people/invitations/{kept.id}/withdrawal", htmx=False)
            assert sentence in admin.get("/people").words
        assert client.get(link.removeprefix("http://localhost")).status_code == 404
        assert db.scalars(select(OneTimeLink.id)).all() == [foreign.id]


class TestAPerson:
    def test_gets_another_role_and_is_signed_out(self, admin: Tablet, client_as: Open, db: Session, cast: Cast) -> None:
        packer = client_as("packer")

        answer = act(admin, db, "packer", "role", role="manager")

        assert answer.location == f"/people/{person_id(db, 'packer')}"
        assert "paula is manager now, and was signed out here. A password of fewer than 12" in (
            admin.get(answer.location).words
        )
        assert role_of(db, cast, "packer") is Role.MANAGER
        assert not is_signed_in(packer)

    def test_with_that_role_already_stays_signed_in(self, admin: Tablet, client_as: Open, db: Session) -> None:
        packer = client_as("packer")

        act(admin, db, "packer", "role", role="packer")

        assert is_signed_in(packer)

    def test_whose_account_is_closed_is_out_and_cannot_come_in_until_it_is_open_again(
        self, admin: Tablet, client_as: Open, db: Session
    ) -> None:
        packer = client_as("packer")

        act(admin, db, "packer", "closing")
        assert not is_signed_in(packer)
        assert not is_open(db, "packer")
        act(admin, db, "packer", "opening")

        assert is_open(db, "packer")
        assert not is_signed_in(packer)

    def test_is_signed_out_everywhere(self, admin: Tablet, client_as: Open, db: Session) -> None:
        browsers = [client_as("packer") for _ in range(2)]

        act(admin, db, "packer", "sign-out")

        assert not any(map(is_signed_in, browsers))

    def test_who_leaves_is_gone_from_the_list(self, admin: Tablet, client_as: Open, db: Session, cast: Cast) -> None:
        packer = client_as("packer")

        assert act(admin, db, "packer", "removal").location == "/people"

        assert role_of(db, cast, "packer") is None
        assert not is_signed_in(packer)
        assert admin.get(f"/people/{person_id(db, 'packer')}").status == 404

    def test_who_is_taken_out_by_a_double_tap_is_gone_once(self, admin: Tablet, db: Session, cast: Cast) -> None:
        page = f"/people/{person_id(db, 'packer')}"
        form = admin.get(page).root.one("form", action=f"{page}/removal")

        answers = [admin.send(form, htmx=False) for _ in range(2)]

        assert [(answer.status, answer.location) for answer in answers] == [(303, "/people")] * 2
        assert "paula no longer works here" in admin.get("/people").words
        assert role_of(db, cast, "packer") is None

    def test_of_another_store_is_as_absent_as_nobody(self, admin: Tablet, db: Session) -> None:
        for path in paths_of(db, "outsider"):
            nobody = re.sub(r"\d+", "99999999", path)
            method = admin.client.post if path.count("/") > 2 else admin.client.get
            answers = [method(one, data={"role": "packer"}, headers={"HX-Request": "true"}) for one in (path, nobody)]
            assert [answer.status_code for answer in answers] == [404, 404], path
        assert is_open(db, "outsider")
        assert db.scalars(select(OneTimeLink)).all() == []

    @pytest.mark.parametrize("part", ["packer", "manager", "supervisor"])
    def test_is_for_administrators_alone(self, tablet_of: Callable[[Part], Tablet], db: Session, part: Part) -> None:
        tablet = tablet_of(part)

        for path in paths_of(db, part)[1:]:
            assert tablet.post(path, {"role": "admin"}, htmx=False).status == 403, path


class TestTheLastAdministrator:
    @pytest.mark.parametrize(("name", "fields"), [("role", {"role": "packer"}), ("closing", {}), ("removal", {})])
    def test_stays(self, admin: Tablet, db: Session, cast: Cast, name: str, fields: dict[str, object]) -> None:
        closed = make_user(db, cast.store, Role.ADMIN)
        closed.is_active = False
        make_user(db, cast.other_store, Role.ADMIN)
        db.commit()

        answer = act(admin, db, "admin", name, **fields)

        assert answer.status == 409
        assert "This is the last administrator of the store." in answer.words
        assert (role_of(db, cast, "admin"), is_open(db, "admin")) == (Role.ADMIN, True)

    def test_may_go_once_there_is_another(self, admin: Tablet, db: Session, cast: Cast) -> None:
        make_user(db, cast.store, Role.ADMIN)

        assert act(admin, db, "admin", "role", role="packer").location == "/"
        assert role_of(db, cast, "admin") is Role.PACKER


def test_nobody_gets_round_their_own_present_password(admin: Tablet, db: Session) -> None:
    page = admin.get(f"/people/{person_id(db, 'admin')}").root.one("main")

    answer = act(admin, db, "admin", "password-link")

    assert "Link for a new password" not in page.words
    assert answer.status == 409
    assert "with the present one" in answer.words
    assert db.scalars(select(OneTimeLink)).all() == []


class TestSomebodyWhoAlsoWorksElsewhere:
    @pytest.mark.parametrize("name", ["closing", "opening", "sign-out", "password-link"])
    def test_is_left_alone_there(self, admin: Tablet, client_as: Open, db: Session, cast: Cast, name: str) -> None:
        also_in_other_store(db, cast, "packer", Role.ADMIN)
        packer = client_as("packer")

        answer = act(admin, db, "packer", name)

        assert answer.status == 409
        assert "this would reach there" in answer.words
        assert is_signed_in(packer)
        assert db.scalars(select(OneTimeLink)).all() == []

    def test_can_still_get_another_role_here(self, admin: Tablet, db: Session, cast: Cast) -> None:
        also_in_other_store(db, cast, "packer", Role.ADMIN)

        assert "Link for a new password" not in admin.get(f"/people/{person_id(db, 'packer')}").words
        act(admin, db, "packer", "role", role="supervisor")

        assert role_of(db, cast, "packer") is Role.SUPERVISOR
        theirs = (Membership.store_id == cast.other_store.id) & (Membership.user_id == person_id(db, "packer"))
        assert db.scalar(select(Membership.role).where(theirs)) is Role.ADMIN

    def test_is_decided_over_by_who_administers_all_of_it(self, admin: Tablet, db: Session, cast: Cast) -> None:
        also_in_other_store(db, cast, "packer")
        also_in_other_store(db, cast, "admin", Role.ADMIN)

        act(admin, db, "packer", "closing")

        assert not is_open(db, "packer")


class TestTheLog:
    def test_says_who_did_what_with_whom(self, admin: Tablet, db: Session, capsys: pytest.CaptureFixture[str]) -> None:
        admin.post("/people/invitations", {"username": "pia", "role": "admin"}, htmx=False)
        act(admin, db, "packer", "role", role="manager")
        act(admin, db, "packer", "role", role="manager")
        for name in ("sign-out", "password-link", "closing", "closing", "opening", "removal"):
            act(admin, db, "packer", name)

        log = re.findall(r"security: event=(\S+ outcome=\S+ name=\S+) address=\S+ (.*)$", capsys.readouterr().err, re.M)
        assert log == [
            ("account outcome=invited name=pia", "store=MAIN role=admin by=ada"),
            ("account outcome=role name=paula", "store=MAIN role=manager by=ada"),
            ("session outcome=all_ended name=paula", "store=MAIN by=ada"),
            ("password outcome=link_made name=paula", "store=MAIN by=ada"),
            ("account outcome=closed name=paula", "store=MAIN by=ada"),
            ("account outcome=opened name=paula", "store=MAIN by=ada"),
            ("account outcome=left name=paula", "store=MAIN by=ada"),
        ]


@pytest.mark.app_config(WTF_CSRF_ENABLED=True)
def test_a_form_of_another_site_changes_nothing(admin: Tablet, db: Session, cast: Cast) -> None:
    for name in ACTS:
        assert act(admin, db, "packer", name, role="admin").status == 400
    assert admin.post("/people/invitations", {"username": "pia", "role": "admin"}, htmx=False).status == 400

    assert (role_of(db, cast, "packer"), is_open(db, "packer")) == (Role.PACKER, True)
    assert db.scalars(select(OneTimeLink)).all() == []
