"""Common reasons, recognised when they are read."""

from __future__ import annotations

import pytest

from webapp.domain.statuses import OrderStatus
from webapp.domain.system_reasons import SystemReason
from webapp.domain.usual_reasons import CANCEL_REASONS, OTHER, compose_reason, recognise_reason
from webapp.domain.wording import Wording


@pytest.mark.parametrize(
    ("chosen", "words", "reason"),
    [
        ("Ordered twice", "", "Ordered twice"),
        ("Ordered twice", "says the customer", "Ordered twice: says the customer"),
        ("", "Nobody answers", "Nobody answers"),
        ("Other", "Nobody answers", "Nobody answers"),
        ("Other", "", ""),
        ("Their own list", "", "Their own list"),
    ],
)
def test_a_chosen_reason_and_words_become_one_text(chosen: str, words: str, reason: str) -> None:
    assert compose_reason(chosen, words) == reason


@pytest.mark.parametrize(
    ("stored", "pattern", "values"),
    [
        ("Ordered twice", "Ordered twice", {}),
        ("Ordered twice: says he", "%(reason)s: %(words)s", {"reason": "Ordered twice", "words": "says he"}),
        ("Short pick: 2 of 5 found", "Short pick: %(found)s of %(expected)s found", {"found": "2", "expected": "5"}),
        ("Import of stock.csv", "Import of %(file)s", {"file": "stock.csv"}),
        ("Status set to cancelled", "Status set to %(status)s", {"status": "cancelled"}),
    ],
)
def test_a_usual_reason_is_known_again(stored: str, pattern: str, values: dict[str, str]) -> None:
    match = recognise_reason(stored)

    assert isinstance(match, Wording)
    assert (str(match), match.pattern, dict(match.values)) == (stored, pattern, values)


@pytest.mark.parametrize("stored", ["", "ordered twice", "Nobody: answers", "100% sure", "50%(x)s", "Short pick"])
def test_other_words_stay_as_they_were_written(stored: str) -> None:
    assert recognise_reason(stored) == stored
    assert not isinstance(recognise_reason(stored), Wording)


def test_other_is_the_last_to_choose() -> None:
    assert CANCEL_REASONS[-1] is OTHER


VALUES: dict[str, str | int] = {
    "status": OrderStatus.CANCELLED,
    "file": "stock.csv, note 7",
    "sku": "TEA-1",
    "into": "TEA",
    "found": 2,
    "expected": 5,
}


@pytest.mark.parametrize("reason", SystemReason)
def test_a_reason_of_the_program_is_recognised_as_itself(reason: SystemReason) -> None:
    stored = reason(**{name: VALUES[name] for name in reason.blanks})

    recognised = recognise_reason(stored)

    assert type(stored) is str
    assert isinstance(recognised, Wording)
    assert (str(recognised), recognised.pattern) == (stored, reason.value.pattern)


def test_a_reason_with_other_blanks_than_its_own_is_refused() -> None:
    with pytest.raises(TypeError):
        SystemReason.SHORT_PICK(found=2)
    with pytest.raises(TypeError):
        SystemReason.ORDER_CANCELLED(sku="TEA-1")


def test_a_status_in_a_reason_is_said_in_the_language_of_the_reader() -> None:
    recognised = recognise_reason("Status set to cancelled")

    assert isinstance(recognised, Wording)
    assert isinstance(recognised.values["status"], Wording)


STORED_BEFORE = (
    "All units reserved",
    "All units shipped",
    "Found on the shelf",
    "Item cancelled",
    "Item cancelled in part",
    "Order cancelled",
    "Order refunded",
    "Shipment taken back",
    "Shipment undone",
    "Ordered twice",
    "Found again",
    "Stock arrived and was reserved",
    "The rest is reserved",
    "Short pick: 0 of 12 found",
    "Import of delivery.csv, note 4711",
    "Matched to TEA-1",
    "Status set to cancelled",
)


@pytest.mark.parametrize("stored", STORED_BEFORE)
def test_what_older_versions_stored_is_still_recognised(stored: str) -> None:
    recognised = recognise_reason(stored)

    assert isinstance(recognised, Wording)
    assert str(recognised) == stored
