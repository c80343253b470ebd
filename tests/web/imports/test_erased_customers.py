"""What imports keep of a customer: gone with the customer's data, and after a while in any case."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from sqlalchemy import Text, cast, func, select, update
from sqlalchemy.orm import Session

from tests.helpers.warehouse import Warehouse
from tests.services.imports.importing import native
from tests.web.imports.conftest import Desk
from webapp.domain.clock import utc_now
from webapp.domain.import_jobs import REPORT_KEPT
from webapp.models import ImportJobRow, Order

KNOWN: dict[str, object] = {"order_number": "77", "customer_name": "Xaveria", "channel": "eBay"}
OTHER: dict[str, object] = {"order_number": "78", "customer_name": "Berta", "channel": "eBay"}


def kept_text(folders: Path, db: Session) -> str:
    """Everything that uploads, lists, reports and rows of imports say."""
    db.rollback()
    kept = [path for name in ("IMPORT_FOLDER", "REPORT_FOLDER") for path in (folders / name).rglob("*")]
    files = b"".join(path.read_bytes() for path in kept if path.is_file())
    found = db.scalars(select(cast(ImportJobRow.expected, Text) + func.coalesce(cast(ImportJobRow.result, Text), "")))
    return files.decode(errors="replace") + "".join(filter(None, found))


@pytest.mark.both_engines
def test_what_imports_keep_of_an_order_goes_with_the_customers_data(
    desk: Desk, db: Session, warehouse: Warehouse, folders: Path
) -> None:
    desk.press(desk.sent("Monday.csv", native(KNOWN, OTHER)), "run")
    wrong = desk.sent("Tuesday.csv", native({**KNOWN, "quantity": "Xaveria 2"}, {**OTHER, "quantity": "Berta 2"}))
    elsewhere = desk.sent("Wednesday.csv", native({**OTHER, "order_number": "177"}))
    assert kept_text(folders, db).count("Xaveria 2") > 1
    order = db.scalars(select(Order).where(Order.order_number == "77")).one()
    warehouse.cancel(order)

    for _ in range(2):
        page = desk.tablet.get(f"/orders/{order.id}/erasure")
        if forms := page.root.all("form", action=f"/orders/{order.id}/erasure"):
            assert desk.tablet.send(forms[0], htmx=False).status == 303

    left = kept_text(folders, db)
    assert "Xaveria" not in left
    assert "Berta 2" in left
    assert "The file is no longer kept" in desk.words(wrong)
    assert "The file is no longer kept" not in desk.words(elsewhere)
    assert "77" in desk.tablet.get(wrong).words


def test_reports_and_rows_of_old_imports_are_forgotten_when_the_next_begins(
    desk: Desk, db: Session, folders: Path
) -> None:
    old_one = desk.sent("Monday.csv", native({**KNOWN, "quantity": "Xaveria 2"}))
    desk.sent("Tuesday.csv", native({**OTHER, "quantity": "Berta 2"}))
    [report] = (folders / "REPORT_FOLDER").glob(f"import-orders-*-{old_one.rpartition('/')[2]}-*")
    before = utc_now() - REPORT_KEPT
    os.utime(report, (time.time() - REPORT_KEPT.total_seconds() - 60,) * 2)
    first = select(ImportJobRow.id).order_by(ImportJobRow.id).limit(1).scalar_subquery()
    db.execute(update(ImportJobRow).where(ImportJobRow.id == first).values(changed_at=before.replace(year=2025)))
    db.commit()

    desk.sent("Today.csv", native({"order_number": "79"}))

    assert not report.exists()
    rows = db.scalars(select(cast(ImportJobRow.expected, Text)).order_by(ImportJobRow.id)).all()
    assert ["Xaveria" in str(rows[0]), "Berta" in str(rows[1])] == [False, True]
    assert "1 row" in desk.words(old_one)
