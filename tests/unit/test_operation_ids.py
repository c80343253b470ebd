"""Ids of operations tell whether the request had an idempotency key."""

from __future__ import annotations

import pytest

from webapp.domain.operation_ids import LENGTH, new_operation_id


@pytest.mark.parametrize(
    ("key", "mark"), [(None, "4"), ("7f0c", "a"), ("import-stock:abc:0", "f"), ("demo:HK-1", "f"), ("demo", "a")]
)
def test_an_id_tells_whether_its_request_had_a_key_and_one_that_is_kept_for_ever(key: str | None, mark: str) -> None:
    first, second = new_operation_id(key), new_operation_id(key)

    assert first != second
    assert (len(first), first[12]) == (LENGTH, mark)
