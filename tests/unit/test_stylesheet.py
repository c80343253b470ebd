"""CSS without comments and indentation means the same."""

from __future__ import annotations

import pytest

from webapp.web.stylesheet import without_comments


@pytest.mark.parametrize(
    ("rules", "short"),
    [
        (".a {\n  color: red;\n}\n", ".a {\ncolor: red;\n}"),
        ("/* A list. */\n.a,\n.b > .c {\n  margin: 0 auto\n}", ".a,\n.b > .c {\nmargin: 0 auto\n}"),
        (".a {}\n\n\n.b {}", ".a {}\n.b {}"),
        (".a {\n  top: 0; /* Two\n  lines. */\n  left: 0;\n}", ".a {\ntop: 0;\nleft: 0;\n}"),
        ("", ""),
    ],
)
def test_comments_indents_and_empty_lines_go(rules: str, short: str) -> None:
    assert without_comments(rules) == short
