"""Every table of kinds is complete: a table that lacks an entry for a kind is named here."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import pytest

import webapp
from webapp.demo.people import PEOPLE
from webapp.domain.causes import CAUSES, Cause, ExceptionState
from webapp.domain.change_words import CHANGES
from webapp.domain.events import EventKind
from webapp.domain.holds import HOLDS, Hold
from webapp.domain.import_jobs import ImportKind, JobState
from webapp.domain.ledger import SIGNS, TransactionType
from webapp.domain.roles import ROLE_WORDS, Role
from webapp.domain.statuses import OrderStatus
from webapp.domain.trail_kinds import EVENTS, MOVEMENTS, TrailKind, events_under, movements_under
from webapp.domain.upstream import ShopChange
from webapp.presenters.decisions import causes
from webapp.presenters.imports.words import COLUMN_WORDS, FORMAT_WORDS, STATE_WORDS
from webapp.presenters.trail import event_sentences, ledger_sentences
from webapp.presenters.trail.screen import KIND_WORDS
from webapp.services.imports.column_mappings import FileKind, fields_of
from webapp.services.imports.recognition import FORMATS
from webapp.services.imports.report import RowOutcome

KINDS = (
    EventKind,
    TransactionType,
    Cause,
    ExceptionState,
    Role,
    TrailKind,
    OrderStatus,
    Hold,
    ShopChange,
    ImportKind,
    JobState,
    RowOutcome,
)


def tables() -> Iterator[tuple[str, type[StrEnum], Mapping[Any, Any]]]:
    """Yield every dictionary in a module whose keys are kinds, with its name."""
    for info in pkgutil.walk_packages(webapp.__path__, "webapp."):
        if info.name != "webapp.serving":  # gunicorn's settings: importing them opens the sockets of its workers.
            module = importlib.import_module(info.name)
            for name, value in vars(module).items():
                if isinstance(value, Mapping) and (kind := kind_of(value)):
                    yield f"{info.name}.{name}", kind, value


def kind_of(table: Mapping[Any, Any]) -> type[StrEnum] | None:
    """Return the kind of a table's keys."""
    return next((kind for kind in KINDS if table and all(isinstance(key, kind) for key in table)), None)


def test_a_table_by_kind_has_an_entry_for_each() -> None:
    lacking = {name: sorted(set(kind) - set(table)) for name, kind, table in tables() if set(kind) - set(table)}

    assert lacking == {}


@pytest.mark.parametrize(
    ("kinds", "table"),
    [
        (EventKind, EVENTS),
        (EventKind, event_sentences.LOOKS),
        (TransactionType, MOVEMENTS),
        (TransactionType, ledger_sentences.LOOKS),
        (TransactionType, SIGNS),
        (TrailKind, KIND_WORDS),
        (Cause, CAUSES),
        (Cause, causes.LOOKS),
        (Role, ROLE_WORDS),
        (Hold, HOLDS),
        (ShopChange, CHANGES),
        (JobState, STATE_WORDS),
    ],
)
def test_every_kind_is_described(kinds: type[StrEnum], table: Mapping[Any, Any]) -> None:
    assert [kind for kind in kinds if kind not in table] == []
    assert kind_of(table) is kinds


def test_every_format_and_every_field_of_a_mapping_has_words() -> None:
    assert FORMAT_WORDS.keys() == FORMATS.keys()
    assert {field.value for kind in FileKind for field in fields_of(kind)} - COLUMN_WORDS.keys() == set()


@pytest.mark.parametrize("kind", TrailKind)
def test_every_filter_of_a_trail_lists_something(kind: TrailKind) -> None:
    assert events_under(kind) or any(movements_under(kind))


@pytest.mark.parametrize("movement", TransactionType)
def test_a_movement_and_what_takes_it_back_are_listed_once_each(movement: TransactionType) -> None:
    assert [kind for kind in TrailKind if movement in movements_under(kind).types] == [MOVEMENTS[movement].filter]
    assert [kind for kind in TrailKind if movement in movements_under(kind).undone] == [MOVEMENTS[movement].undone]


def test_the_demo_store_has_a_person_of_every_role() -> None:
    assert {person.role for person in PEOPLE} == set(Role)
