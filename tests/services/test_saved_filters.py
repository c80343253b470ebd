"""Filters that people save: only their own, each under its own name, and not without limit."""

from __future__ import annotations

import pytest

from tests.factories import make_store, make_user
from tests.helpers.warehouse import Warehouse
from webapp.database.unit_of_work import unit_of_work
from webapp.domain.errors import ConflictError, InvalidInput, NameTaken
from webapp.domain.roles import Role
from webapp.domain.saved_filters import NamedFilter
from webapp.services.people import saved_filter_service
from webapp.services.people.saved_filter_service import MAX_FILTERS, MAX_NAME, MAX_QUERY


class Person:
    """Somebody who keeps filters in the warehouse's store."""

    def __init__(self, warehouse: Warehouse, name: str) -> None:
        self.db, self.store = warehouse.db, warehouse.store
        self.user_id = make_user(self.db, self.store, Role.PACKER, f"{name}-{self.store.id}").id

    def save(self, name: str, query: str = "late=1") -> NamedFilter:
        return unit_of_work(
            self.db, lambda db: saved_filter_service.save_filter(db, self.store.id, self.user_id, name, query)
        ).result

    def remove(self, filter_id: int, store_id: int | None = None) -> bool:
        of_store = store_id or self.store.id
        return unit_of_work(
            self.db, lambda db: saved_filter_service.remove_filter(db, of_store, self.user_id, filter_id)
        ).result

    def names(self) -> list[str]:
        self.db.commit()
        saved = saved_filter_service.list_filters(self.db, self.store.id, self.user_id)
        return [one.name for one in saved]


@pytest.fixture
def paula(warehouse: Warehouse) -> Person:
    return Person(warehouse, "paula")


@pytest.mark.both_engines
def test_a_filter_is_kept_listed_by_name_and_removed(paula: Person) -> None:
    late, again = paula.save("Late  ones"), paula.save("Again", "search=smith")

    assert (late.name, paula.names()) == ("Late ones", ["Again", "Late ones"])
    assert (paula.remove(late.id), paula.names()) == (True, ["Again"])
    assert (paula.remove(late.id), paula.names(), again.query) == (False, ["Again"], "search=smith")


@pytest.mark.both_engines
def test_nobody_sees_or_removes_what_another_person_keeps(warehouse: Warehouse, paula: Person) -> None:
    piet = Person(warehouse, "piet")
    saved = paula.save("Late")
    piet.save("Late")

    assert not piet.remove(saved.id)
    assert not paula.remove(saved.id, store_id=make_store(warehouse.db).id)
    assert (paula.names(), piet.names()) == (["Late"], ["Late"])


@pytest.mark.both_engines
def test_a_name_is_given_once_whatever_the_case_of_its_letters(paula: Person) -> None:
    paula.save("Late")

    with pytest.raises(NameTaken, match="You already have a filter called “LATE”"):
        paula.save("LATE")

    assert paula.names() == ["Late"]


@pytest.mark.parametrize("name", ["", "   ", "x" * (MAX_NAME + 1), "a\0b"])
def test_a_name_that_cannot_be_one_is_refused(paula: Person, name: str) -> None:
    with pytest.raises(InvalidInput):
        paula.save(name)

    assert paula.names() == []


def test_the_longest_name_and_query_fit_and_nothing_longer(paula: Person) -> None:
    paula.save("x" * MAX_NAME, "q" * MAX_QUERY)

    with pytest.raises(InvalidInput, match="too long"):
        paula.save("y", "q" * (MAX_QUERY + 1))
    assert paula.names() == ["x" * MAX_NAME]


def test_a_person_keeps_twenty_filters_and_no_more(paula: Person) -> None:
    for number in range(MAX_FILTERS):
        paula.save(f"Filter {number:02}")

    with pytest.raises(ConflictError, match="You have 20 saved filters"):
        paula.save("One more")

    assert len(paula.names()) == MAX_FILTERS
