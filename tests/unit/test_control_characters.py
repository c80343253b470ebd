"""Control characters from outside forge no line of the log and command no terminal."""

from __future__ import annotations

import io
import logging

import pytest

from webapp import logs
from webapp.cli.console import Refused, echo
from webapp.domain.control_characters import escape_controls, has_controls
from webapp.domain.errors import InvalidInput
from webapp.services.imports.columns import Field
from webapp.services.imports.report import LeftOutRow
from webapp.services.imports.spool import Row
from webapp.services.imports.stock_drafts import DraftStock, draft_stock
from webapp.services.inventory_service import clean_place

FORGED = "A-1\n2026-11-30 00:00:00,000 [x] INFO POST /login 303 1 ms admin"
CONTROLS = ["\n", "\r", "\t", "\x00", "\x07", "\x1b[2J", "\x7f", "\x9b", "\u2028", "\u202e"]


@pytest.fixture
def logged() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def logger(logged: io.StringIO) -> logging.Logger:
    handler = logging.StreamHandler(logged)
    handler.setFormatter(logs.LineFormatter("%(levelname)s %(message)s"))
    logger = logging.Logger("of this test")
    logger.addHandler(handler)
    return logger


@pytest.mark.parametrize("control", CONTROLS)
def test_a_name_in_the_log_stays_on_its_line(logger: logging.Logger, logged: io.StringIO, control: str) -> None:
    logger.warning("Short at %s", f"A{control}1")

    assert not has_controls(logged.getvalue().removesuffix("\n"))
    assert logged.getvalue().startswith("WARNING Short at A\\")


def test_an_error_that_holds_a_line_break_forges_no_record(logger: logging.Logger, logged: io.StringIO) -> None:
    try:
        raise ValueError(f"\x1b{FORGED}")
    except ValueError:
        logger.exception("It broke")

    first, *trace = logged.getvalue().splitlines()
    assert first == "ERROR It broke"
    assert all(line.startswith("  ") for line in trace)
    assert "\x1b" not in logged.getvalue()


@pytest.mark.parametrize("control", CONTROLS)
def test_a_place_with_a_control_character_inside_is_refused(control: str) -> None:
    with pytest.raises(InvalidInput):
        clean_place("main", f"A{control}1")
    with pytest.raises(InvalidInput):
        clean_place(f"m{control}n", "A1")


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u200e", "\ufeff", "\u00ad", "\u2060", "\u3164", "\u2800", "\ue000", "\ufe0f"]
)
def test_a_place_with_a_character_that_nobody_sees_is_refused(unseen: str) -> None:
    for warehouse, location in (("main", unseen), ("main", f"A{unseen}1"), (f"main{unseen}", "A1")):
        with pytest.raises(InvalidInput):
            clean_place(warehouse, location)


@pytest.mark.parametrize("name", ["A-1", "Étagère 3", "Regal ß", "棚", "\u00a0A 1"])
def test_a_place_in_any_language_is_taken(name: str) -> None:
    assert clean_place("main", name) == ("main", name.strip())


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("field", [Field.SKU, Field.PRODUCT_NAME, Field.WAREHOUSE, Field.LOCATION])
def test_a_row_of_stock_with_a_control_character_is_rejected(field: Field, control: str) -> None:
    values = {Field.SKU: "CUP", Field.GTIN: "", Field.PRODUCT_NAME: "Cup", Field.WAREHOUSE: "main", Field.LOCATION: "A"}
    values[Field.QUANTITY] = "3"
    assert isinstance(draft_stock(Row(2, values)), DraftStock)

    left_out = draft_stock(Row(2, {**values, field: f"A{control}B"}))

    assert isinstance(left_out, LeftOutRow)
    assert "control characters" in left_out.reason


def test_what_a_file_holds_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    echo("rows: \x1b]0;mine\x07\nnext")

    assert capsys.readouterr().out == "rows: \\x1b]0;mine\\x07\nnext\n"
    assert Refused("no \x1b[2J").format_message() == "no \\x1b[2J"


def test_plain_text_stays_as_it_is() -> None:
    assert escape_controls("Étagère “3” – 棚 👩‍🔧") == "Étagère “3” – 棚 👩‍🔧"
