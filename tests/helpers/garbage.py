"""Spares the tests the search for garbage among what the run loads once: modules, plugins and collected tests."""

from __future__ import annotations

import gc


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
