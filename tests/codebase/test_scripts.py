"""Each script name in a template has its script, and each script has its elements."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from webapp.config import ROOT
from webapp.web.scripts import drawers, join_scripts, script_files

JS = ROOT / "static/js"
SCRIPTS = [file for drawer in drawers(JS) for file in script_files(JS, drawer)]
BINDS = re.compile(r'^bind\("([\w-]+)"', re.MULTILINE)
BOUND = re.compile(r'data-script="([\w -]+)"')


def bound_names() -> set[str]:
    """Return the names of scripts that elements ask for."""
    texts = (path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    return {name for text in texts for names in BOUND.findall(text) for name in names.split()}


def test_every_script_that_an_element_asks_for_is_there_and_the_other_way_round() -> None:
    binding = {file.stem.replace("_", "-") for file in SCRIPTS if "bind(" in file.read_text()}

    assert binding == bound_names()


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_script_binds_nothing_but_its_own_name_and_says_what_it_does(file: Path) -> None:
    text = file.read_text()

    assert set(BINDS.findall(text)) <= {file.stem.replace("_", "-")}
    assert text.startswith("// ")
    assert len(text.splitlines()) < 120


def test_no_two_scripts_have_one_name() -> None:
    assert [name for name, times in Counter(file.stem for file in SCRIPTS).items() if times > 1] == []


@pytest.mark.parametrize("drawer", drawers(JS))
def test_a_page_asks_for_every_drawer_and_for_no_single_script(drawer: str) -> None:
    templates = "\n".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))

    assert f'asset("{drawer}.js")' in templates
    assert re.findall(r'asset\("(js/[^"]+)"\)', templates) == ["js/theme.js"]


def test_scripts_are_joined_each_in_a_block_of_its_own_without_comments(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "bind.js").write_text("// Binds.\nconst bind = 1;\n")
    (tmp_path / "shop/b.js").write_text("// Says b.\nconst own = 2; // Kept.\n")
    (tmp_path / "shop/a.js").write_text('const own = "// kept";\n  // Gone.\n')

    assert join_scripts(tmp_path, "shop") == (
        'const bind = 1;\n{\n// a\nconst own = "// kept";\n}\n{\n// b\nconst own = 2; // Kept.\n}\n'
    )
