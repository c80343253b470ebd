"""Files that the program makes are its own account's alone: names of people stand in them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.helpers.server_fixtures import ROOT, environment

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'


def test_database_reports_and_pictures_are_closed_to_other_accounts(tmp_path: Path) -> None:
    kept, brought = tmp_path / "kept", tmp_path / "brought"
    kept.mkdir()
    brought.mkdir()
    (brought / "stock.csv").write_text(
        "sku,gtin,product_name,warehouse,location,quantity\nCUP,,Cup,,A-1,3\n,,,,A-1,3\n"
    )
    (brought / "CUP.svg").write_text(DRAWING)
    settings = {"REPORT_FOLDER": str(kept / "reports"), "PICTURE_FOLDER": str(kept / "pictures")}

    def flask(*words: str) -> None:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        subprocess.run(
            command,
            check=True,
            cwd=ROOT,
            env=environment(f"sqlite:///{kept / 'packbench.db'}", **settings),
            capture_output=True,
            umask=0o022,
        )

    flask("db", "upgrade")
    flask("stores", "create", "MAIN", "The main store")
    flask("import", "stock", str(brought / "stock.csv"), "--store", "MAIN")
    flask("pictures", "import", str(brought), "--store", "MAIN")

    made = list(kept.rglob("*"))
    assert {".db", ".csv", ".svg"} <= {path.suffix for path in made}
    assert [path.name for path in made if path.stat().st_mode & 0o077] == []
