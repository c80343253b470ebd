""".env.example lists exactly the settings that the program reads."""

from __future__ import annotations

import re

from tests.codebase.sources import files
from tests.helpers.environment import names_of_settings

READ = re.compile(r"""(?:environ\.get\(|environ\[|_flag\()\s*["']([A-Z_]+)["']""")


def test_the_example_lists_every_setting_once() -> None:
    read = {name for path in files("webapp", suffix=".py") for name in READ.findall(path.read_text())}

    assert sorted(names_of_settings()) == sorted(read)
