"""Random changes in the shop against a plain model, with ships, cancels, returns and arrivals between.

A few in the suite; UPSTREAM_EDITS=10000 runs as many as one likes, with the dice of UPSTREAM_SEED.
"""

from __future__ import annotations

import os
from random import Random
from typing import Final

import pytest

from tests.helpers.upstream_run import UpstreamRun
from tests.helpers.warehouse import Warehouse

EDITS: Final = int(os.environ.get("UPSTREAM_EDITS", "40"))
SEED: Final = int(os.environ.get("UPSTREAM_SEED", EDITS))


@pytest.mark.both_engines
def test_orders_follow_the_shop_as_the_model_says(warehouse: Warehouse) -> None:
    run = UpstreamRun(warehouse, Random(SEED))

    while run.edits < EDITS:
        run.step()
        if run.steps % 250 == 0:
            assert warehouse.unsound() == []
    assert warehouse.unsound() == []
