"""Choosing the places to reserve from."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.placement import choose_places


@dataclass(frozen=True)
class Place:
    """What the choice looks at."""

    location: str
    reservable_quantity: int
    warehouse: str = "main"


def chosen(needed: int, *places: Place) -> list[tuple[str, int]]:
    return [(place.location, units) for place, units in choose_places(needed, places)]


def test_one_place_that_covers_the_need_wins_over_a_split() -> None:
    assert chosen(4, Place("A", 3), Place("B", 4), Place("C", 1)) == [("B", 4)]


def test_of_two_that_cover_the_need_the_fullest_wins() -> None:
    assert chosen(4, Place("A", 5), Place("B", 9)) == [("B", 4)]


def test_of_two_equally_full_the_name_decides() -> None:
    assert chosen(4, Place("B", 5), Place("A", 5)) == [("A", 4)]
    assert chosen(4, Place("A", 5, warehouse="west"), Place("B", 5, warehouse="east")) == [("B", 4)]


def test_less_equal_and_more_than_the_fullest_place_holds() -> None:
    places = Place("A", 3), Place("B", 5)

    assert chosen(4, *places) == [("B", 4)]
    assert chosen(5, *places) == [("B", 5)]
    assert chosen(6, *places) == [("B", 5), ("A", 1)]


def test_what_no_place_covers_is_left_over() -> None:
    assert chosen(10, Place("A", 3), Place("B", 5)) == [("B", 5), ("A", 3)]
    assert chosen(1) == []


def test_empty_places_and_needs_of_nothing_choose_nothing() -> None:
    assert chosen(2, Place("A", 0), Place("B", -1)) == []
    assert chosen(0, Place("A", 3)) == []
    assert chosen(-1, Place("A", 3)) == []


@given(st.integers(0, 40), st.lists(st.integers(-2, 15), max_size=8))
def test_never_more_than_is_there_nor_than_is_needed_and_as_much_as_can_be(needed: int, stock: list[int]) -> None:
    places = [Place(f"P{number}", units) for number, units in enumerate(stock)]

    picked = choose_places(needed, places)

    assert all(0 < units <= place.reservable_quantity for place, units in picked)
    assert len({place.location for place, _ in picked}) == len(picked)
    assert sum(units for _, units in picked) == min(needed, sum(max(units, 0) for units in stock))
    if any(units >= needed for units in stock):
        assert len(picked) <= 1
