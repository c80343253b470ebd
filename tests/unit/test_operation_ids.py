"""Ids of operations tell whether the request had an idempotency key."""

from __future__ import annotations

import pytest

from webapp.domain.operation_ids import LENGTH, is_marked, new_operation_id


@pytest.mark.parametrize(
    ("key", "mark"), [(None, "4"), ("7f0c", "a"), ("import-stock:abc:0", "f"), ("demo:HK-1", "f"), ("demo", "a")]
)
def test_an_id_tells_whether_its_request_had_a_key_and_one_that_is_kept_for_ever(key: str | None, mark: str) -> None:
    first, second = new_operation_id(key), new_operation_id(key)

    assert first != second
    assert (len(first), first[12]) == (LENGTH, mark)
    assert is_marked(first) == (mark != "4")


def test_ids_from_before_there_were_marks_have_none() -> None:
    assert not is_marked("02d6aa3bbf7a49afb83ecb618208472a")
    assert not is_marked("shipped-17")
    assert not is_marked("")
