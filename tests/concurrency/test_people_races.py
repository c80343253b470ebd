"""Stores, people, tokens and sessions that are made and ended at once: one act has its effect, the others hear so."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.orm import Session

from tests.concurrency.racing import Act, calls, race
from tests.factories import make_store, make_user
from tests.factories.numbers import serial
from tests.helpers.warehouse import Warehouse
from webapp.domain.errors import AlreadySetUp, LinkOver, NameTaken, PackbenchError, UserNotFound
from webapp.domain.roles import Role
from webapp.domain.session_limits import SessionLimits
from webapp.models import ApiToken, Membership, OneTimeLink, PersonSession, SetupLink, Store, User
from webapp.services.people import (
    link_service,
    membership_service,
    session_service,
    setup_service,
    staff_service,
    store_settings,
    token_service,
)
from webapp.services.people.session_service import NewSession, OldSession
from webapp.services.people.staff_service import Administrator
from webapp.services.people.store_settings import SettingEntry

pytestmark = pytest.mark.both_engines

AT_ONCE = 6
LIMITS = SessionLimits(3600, 3600)
END = datetime.now(UTC) + timedelta(days=9)


def outcomes(results: list[Any]) -> Counter[Any]:
    """Count the results; a refusal by its class."""
    return Counter(type(result) if isinstance(result, PackbenchError) else result for result in results)


def add_token(store_id: int, name: str | None, number: int) -> Act:
    return calls(
        token_service.add_token,
        store_id=store_id,
        name=name,
        role=Role.PACKER,
        token_hash=f"hash-{number}",
        expires_at=END,
    )


def create_user(warehouse: Warehouse, username: str) -> Act:
    new = {"store_code": warehouse.store.code, "username": username, "password_hash": "x", "role": Role.PACKER}
    return calls(membership_service.create_user, **new)


def count_of(warehouse: Warehouse, model: type[Any], *conditions: ColumnElement[bool]) -> int | None:
    warehouse.db.rollback()
    return warehouse.db.scalar(select(func.count()).select_from(model).where(*conditions))


def test_a_store_is_made_once(warehouse: Warehouse, shared_engine: Engine) -> None:
    code = f"NEW-{next(serial)}"
    new = calls(membership_service.create_store, code=code, name="A new store")

    assert outcomes(race(shared_engine, [new] * AT_ONCE)) == {True: 1, False: AT_ONCE - 1}
    assert count_of(warehouse, Store, Store.code == code) == 1


def test_a_code_goes_to_one_of_two_stores(shared_engine: Engine) -> None:
    code = f"NEW-{next(serial)}"
    new = [calls(membership_service.create_store, code=code, name=name) for name in ("East", "West")]

    assert outcomes(race(shared_engine, new)) == {True: 1, NameTaken: 1}


def test_a_name_goes_to_one_person_in_whatever_spelling(warehouse: Warehouse, shared_engine: Engine) -> None:
    number = next(serial)
    names = [f"{name}-{number}" for name in ("anna", "Anna", "ANNA", "anna", "aNNa", "annA")]

    results = race(shared_engine, [create_user(warehouse, name) for name in names])

    refused = [result for result in results if isinstance(result, NameTaken)]
    assert (len(refused), len(results)) == (len(names) - 1, len(names))
    assert count_of(warehouse, User, func.lower(User.username) == names[0]) == 1


def test_a_person_joins_a_store_once(warehouse: Warehouse, shared_engine: Engine) -> None:
    user = make_user(warehouse.db, None)
    new = {"store_code": warehouse.store.code, "username": user.username, "role": Role.PACKER}

    results = race(shared_engine, [calls(membership_service.add_to_store, **new)] * AT_ONCE)

    assert outcomes(results) == {True: 1, False: AT_ONCE - 1}
    assert count_of(warehouse, Membership, Membership.user_id == user.id) == 1


def test_a_person_leaves_a_store_once(warehouse: Warehouse, shared_engine: Engine) -> None:
    user = make_user(warehouse.db, warehouse.store)
    leave = calls(membership_service.remove_from_store, store_code=warehouse.store.code, username=user.username)

    assert outcomes(race(shared_engine, [leave] * AT_ONCE)) == {None: 1, UserNotFound: AT_ONCE - 1}


def test_a_name_goes_to_one_token(warehouse: Warehouse, shared_engine: Engine) -> None:
    new = [add_token(warehouse.store.id, "erp", number) for number in range(AT_ONCE)]

    assert outcomes(race(shared_engine, new)) == {"erp": 1, NameTaken: AT_ONCE - 1}
    assert count_of(warehouse, ApiToken, ApiToken.store_id == warehouse.store.id) == 1


def test_tokens_without_a_name_get_different_ones(warehouse: Warehouse, shared_engine: Engine) -> None:
    new = [add_token(warehouse.store.id, None, number) for number in range(AT_ONCE)]

    names = race(shared_engine, new)

    assert sorted(names) == ["api", *(f"api-{number}" for number in range(2, AT_ONCE + 1))]


def test_a_token_is_revoked_once(warehouse: Warehouse, shared_engine: Engine) -> None:
    race(shared_engine, [add_token(warehouse.store.id, "erp", 0)])
    revoke = calls(token_service.revoke_token, store_id=warehouse.store.id, name="erp")

    assert outcomes(race(shared_engine, [revoke] * AT_ONCE)) == {True: 1, False: AT_ONCE - 1}


class TestSessions:
    """Signing in, moving to another store and signing out, at the same moment as what ends sessions."""

    def signing_in(self, user: User, store_id: int, number: int, epoch: int = 1) -> Act:
        new = NewSession(user.id, store_id, f"hash-{user.id}-{number}", "Chrome, Android")
        return calls(session_service.begin_session, new=new, limits=LIMITS, session_epoch=epoch)

    @pytest.mark.parametrize("way", ["disable", "sign_out", "set_password", "remove_from_store"])
    def test_no_session_outlives_what_ends_them_all(
        self, warehouse: Warehouse, shared_engine: Engine, way: str
    ) -> None:
        for _ in range(4):
            user = make_user(warehouse.db, warehouse.store)
            more = {"set_password": {"password_hash": "x"}, "remove_from_store": {"store_code": warehouse.store.code}}
            end = calls(getattr(membership_service, way), username=user.username, **more.get(way, {}))

            race(shared_engine, [*(self.signing_in(user, warehouse.store.id, number) for number in range(4)), end])

            assert count_of(warehouse, PersonSession, PersonSession.user_id == user.id) == 0

    def test_a_session_moves_to_one_store_or_ends(self, warehouse: Warehouse, shared_engine: Engine) -> None:
        other = make_store(warehouse.db)
        user = make_user(warehouse.db, warehouse.store)
        warehouse.db.add(Membership(store_id=other.id, user_id=user.id, role=Role.PACKER))
        warehouse.db.commit()
        race(shared_engine, [self.signing_in(user, warehouse.store.id, 0)])
        old = OldSession(warehouse.store.id, f"hash-{user.id}-0")
        moves = [
            calls(session_service.move_session, new=NewSession(user.id, other.id, f"new-{number}", ""), old=old)
            for number in range(4)
        ]

        results = race(shared_engine, [*moves, calls(session_service.sign_out, old=old)])

        assert results[:4].count(True) <= 1
        left = count_of(warehouse, PersonSession, PersonSession.user_id == user.id)
        assert left == results[:4].count(True)

    def test_a_session_is_ended_once(self, warehouse: Warehouse, shared_engine: Engine) -> None:
        user = make_user(warehouse.db, warehouse.store)
        race(shared_engine, [self.signing_in(user, warehouse.store.id, 0)])
        session_id = warehouse.db.scalars(select(PersonSession.id).where(PersonSession.user_id == user.id)).one()
        end = calls(session_service.end_session, session_id=session_id, user_id=user.id, store_id=None)
        end_others = calls(session_service.end_other_sessions, user_id=user.id, session_id=0)

        results = race(shared_engine, [end, end, end_others])

        assert sorted(map(bool, results)) == [False, False, True]


def test_of_two_who_set_the_same_at_once_one_hears_of_the_other(warehouse: Warehouse, shared_engine: Engine) -> None:
    acts = [
        calls(
            store_settings.change_settings,
            store_id=warehouse.store.id,
            entries={"low_stock": SettingEntry(str(number), "5")},
            actor=f"admin-{number}",
        )
        for number in (7, 8)
    ]

    results = race(shared_engine, acts)

    assert sorted(bool(result["changed"]) for result in results) == [False, True]
    won = next(result["changed"]["low_stock"] for result in results if result["changed"])
    assert next(result["stale"]["low_stock"] for result in results if result["stale"]) == won
    warehouse.db.rollback()
    assert str(store_settings.read_settings(warehouse.db, warehouse.store.id).low_stock) == won


class TestOneTimeLinks:
    """Links that two people open at once, and administrators who decide over each other."""

    def test_an_invitation_makes_one_person(self, warehouse: Warehouse, shared_engine: Engine) -> None:
        store_id, number = warehouse.store.id, next(serial)
        race(shared_engine, [calls(link_service.invite, store_id=store_id, username="pia", role=Role.PACKER,
                                   token_hash=f"hash-{number}", expires_at=END, actor="ada")])  # fmt: skip
        accept = [
            calls(
                link_service.accept_invitation,
                store_id=store_id,
                token_hash=f"hash-{number}",
                username=f"pia-{number}-{guest}",
                password_hash="x",
            )
            for guest in range(AT_ONCE)
        ]

        results = race(shared_engine, accept)

        assert outcomes(results)[LinkOver] == AT_ONCE - 1
        assert count_of(warehouse, User, User.username.like(f"pia-{number}-%")) == 1
        assert count_of(warehouse, OneTimeLink, OneTimeLink.store_id == store_id) == 0

    def test_no_link_for_a_password_reaches_into_a_store_that_the_person_joins_at_once(
        self, warehouse: Warehouse, shared_engine: Engine
    ) -> None:
        for number in range(AT_ONCE):
            store, other = make_store(warehouse.db), make_store(warehouse.db)
            admin, packer = make_user(warehouse.db, store, Role.ADMIN), make_user(warehouse.db, store)
            joins = calls(
                membership_service.add_to_store, store_code=other.code, username=packer.username, role=Role.ADMIN
            )
            makes = calls(
                staff_service.make_password_link,
                admin=Administrator(admin.id, admin.username, store.id),
                user_id=packer.id,
                token_hash=f"hash-{number}",
                expires_at=END,
            )

            race(shared_engine, [joins, makes])

            assert count_of(warehouse, OneTimeLink, OneTimeLink.user_id == packer.id) == 0

    def test_of_administrators_who_remove_each_other_one_stays(
        self, warehouse: Warehouse, shared_engine: Engine
    ) -> None:
        for way, more in (("close_account", {}), ("change_role", {"role": Role.PACKER}), ("remove", {})):
            store = make_store(warehouse.db)
            pair = [make_user(warehouse.db, store, Role.ADMIN) for _ in range(2)]
            who = [Administrator(one.id, one.username, store.id) for one in pair]
            act = getattr(staff_service, way)

            results = race(
                shared_engine,
                [
                    calls(act, admin=who[0], user_id=pair[1].id, **more),
                    calls(act, admin=who[1], user_id=pair[0].id, **more),
                ],
            )

            assert sum(isinstance(result, PackbenchError) for result in results) == 1, way
            able = (Membership.store_id == store.id) & (Membership.role == Role.ADMIN)
            warehouse.db.rollback()
            left = select(func.count()).select_from(Membership).join(User, User.id == Membership.user_id)
            assert warehouse.db.scalar(left.where(able, User.is_active)) == 1, way


@pytest.mark.parametrize("links", [1, AT_ONCE])
def test_an_empty_database_is_set_up_once_with_one_link_or_several(db: Session, engine: Engine, links: int) -> None:
    keep = [calls(setup_service.add_link, token_hash=f"hash-{number}", expires_at=END) for number in range(links)]
    race(engine, keep)
    set_up = [
        calls(
            setup_service.set_up,
            token_hash=f"hash-{number % links}",
            code=f"store-{number}",
            name="A store",
            time_zone="UTC",
            administrator=f"person-{number}",
            manager="",
            password_hash="x",
        )
        for number in range(AT_ONCE)
    ]

    results = race(engine, set_up)

    assert outcomes(results)[AlreadySetUp] == AT_ONCE - 1
    assert [len(db.scalars(select(model)).all()) for model in (Store, User, SetupLink)] == [1, 1, 0]
