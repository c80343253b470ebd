"""Prints the rows of a workbook's first sheet that has any, a JSON list each: a program of its own.

A workbook is a stranger's file, and a small one can make its reader take all memory or abort. So the import runs this
file as a process with limits, and it imports nothing of Packbench.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY = 1536 * 1024 * 1024
SECONDS = 120
MAX_COLUMNS = 1000


def main(path: str) -> None:
    """Print ``[row number, [texts]]`` of each row that is not blank. Otherwise print ``{"too_wide": {row, most}}``, or
    None there if the workbook is damaged or protected."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        for number, texts in _rows(path):
            if len(texts) > MAX_COLUMNS:
                print(json.dumps({"too_wide": {"row": number, "most": f"{MAX_COLUMNS:,}"}}))
                return
            print(json.dumps([number, texts]))
    except CalamineError:
        print(json.dumps({"too_wide": None}))


def _rows(path: str) -> Iterator[tuple[int, list[str]]]:
    workbook = CalamineWorkbook.from_filelike(open(path, "rb"))  # noqa: SIM115, PTH123  It is read as long as we run.
    for sheet in workbook.sheets_metadata:
        if sheet.typ is not SheetTypeEnum.WorkSheet or sheet.visible is not SheetVisibleEnum.Visible:
            continue
        is_empty = True
        for number, cells in enumerate(workbook.get_sheet_by_name(sheet.name).iter_rows(), start=1):
            texts = [_text(cell) for cell in cells]
            while texts and not texts[-1]:
                texts.pop()
            if texts:
                is_empty = False
                yield number, texts
        if not is_empty:
            return


def _text(cell: Any) -> str:
    """Return a cell as a CSV file would have it: whole numbers without a decimal point, dates as in ISO 8601."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


if __name__ == "__main__":
    main(sys.argv[1])
