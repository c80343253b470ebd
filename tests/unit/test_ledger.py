"""The signs that each type of ledger row may have."""

from __future__ import annotations

import pytest

from webapp.domain.ledger import SIGNS, TransactionType

CHANGES = [(on_hand, reserved) for on_hand in (-2, -1, 0, 1, 2) for reserved in (-2, -1, 0, 1, 2)]

LEGAL = {
    "reserve": {(0, 1), (0, 2)},
    "release": {(0, -1), (0, -2)},
    "fulfill": {(-1, -1), (-2, -2)},
    "adjust": {(-2, 0), (-1, 0), (1, 0), (2, 0)},
    "set": {(-2, 0), (-1, 0), (0, 0), (1, 0), (2, 0)},
    "import": {(1, 0), (2, 0)},
    "return": {(1, 0), (2, 0)},
}


def test_the_kinds_are_those_of_the_contract() -> None:
    assert {kind.value for kind in TransactionType} == set(LEGAL) == {kind.value for kind in SIGNS}


@pytest.mark.parametrize("kind", TransactionType)
def test_each_kind_carries_its_signs_and_no_others(kind: TransactionType) -> None:
    legal = {change for change in CHANGES if all(SIGNS[kind](*change))}

    assert legal == LEGAL[kind.value]
