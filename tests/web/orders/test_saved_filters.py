"""Saving a filter of the list under a name, and removing it, with plain forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.helpers.cast import Part
from tests.helpers.markup import Element
from tests.helpers.tablet import Answer, Tablet


def form_of(answer: Answer) -> Element:
    return answer.root.one("form", css="order-tools__save")


def keep(tablet: Tablet, query: str, name: str) -> Answer:
    """Keep the list that an address shows."""
    return tablet.send(form_of(tablet.get(f"/orders?{query}")), htmx=False, name=name)


def kept(tablet: Tablet) -> dict[str, str]:
    """A person's own filters: addresses by name."""
    links = tablet.get("/orders").root.all("a", css="saved-filter__name")
    return {link.words: link["href"] for link in links}


@pytest.mark.parametrize("part", ["packer", "manager", "supervisor", "admin"])
def test_everybody_keeps_filters_of_their_own(tablet_of: Callable[[Part], Tablet], part: Part) -> None:
    tablet, other = tablet_of(part), tablet_of("manager" if part == "packer" else "packer")

    answer = keep(tablet, "search=smith+co&late=1", " Late   smiths ")

    assert (answer.status, answer.location) == (303, "/orders?search=smith+co&late=1")
    assert "“Late smiths” is saved." in tablet.get("/orders").words
    assert (kept(tablet), kept(other)) == ({"Late smiths": "/orders?search=smith+co&late=1"}, {})


def test_a_kept_filter_stands_with_the_views_and_is_marked_where_it_is_current(packer: Tablet) -> None:
    keep(packer, "status=shipped", "Done")

    marked = packer.get("/orders?status=shipped").root.all("a", css="filters__link", aria_current="true")

    assert [link.words for link in marked] == ["Shipped", "Done"]


def test_a_filter_is_removed_and_the_list_stays_where_it_was(packer: Tablet) -> None:
    keep(packer, "late=1", "Late")
    removal = packer.get("/orders?status=all").root.one(css="saved-filter").one("form")

    first, again = (packer.send(removal, htmx=False) for _ in range(2))

    assert [first.location, again.location] == ["/orders?status=all"] * 2
    assert "That filter is already gone." in packer.get("/orders").words
    assert kept(packer) == {}


def test_nobody_removes_what_another_person_keeps(packer: Tablet, manager: Tablet) -> None:
    keep(packer, "late=1", "Late")
    removal = packer.get("/orders").root.one(css="saved-filter").one("form")

    manager.send(removal, htmx=False)

    assert kept(packer) == {"Late": "/orders?late=1"}


@pytest.mark.parametrize(
    ("name", "status", "sentence"),
    [
        ("", 422, "Give the filter a name"),
        ("x" * 61, 422, "The most is 60 characters."),
        ("Late", 409, "You already have a filter called “Late”."),
    ],
)
def test_a_name_that_is_refused_stands_in_its_field_with_the_reason(
    packer: Tablet, name: str, status: int, sentence: str
) -> None:
    keep(packer, "late=1", "Late")

    answer = keep(packer, "status=shipped", name)

    assert answer.status == status
    assert sentence in answer.root.one(id="filter-name-error").words
    assert form_of(answer).fields["name"] == name
    assert "open" in answer.root.one("details", css="order-tools__more").attributes
    assert kept(packer) == {"Late": "/orders?late=1"}


@pytest.mark.parametrize("query", ["", "status=open", "status=lost", "cursor=abc", "%", "a&" * 50])
def test_there_is_nothing_to_keep_of_the_list_as_everybody_sees_it(packer: Tablet, query: str) -> None:
    answer = packer.post("/orders/filters", {"name": "All", "query": query}, htmx=False)

    assert answer.status == 422
    assert "Search or choose a view first" in answer.words
    assert kept(packer) == {}


def test_only_what_the_list_understands_is_kept(packer: Tablet) -> None:
    packer.post("/orders/filters", {"name": "Odd", "query": "late=yes&cursor=x&evil=%3Cb%3E&next=//x"}, htmx=False)

    assert kept(packer) == {"Odd": "/orders?late=1"}


def test_a_browser_that_comes_back_to_the_forms_address_finds_the_list(packer: Tablet) -> None:
    assert packer.get("/orders/filters").location == "/orders"
