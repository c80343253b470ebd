"""Rules without what only we read mean the same."""

from __future__ import annotations

import pytest

from webapp.web.stylesheet import without_comments


@pytest.mark.parametrize(
    ("rules", "short"),
    [
        (".a {\n  color: red;\n}\n", ".a{color:red;}"),
        ("/* A list. */\n.a,\n.b > .c {\n  margin: 0 auto\n}", ".a,.b > .c{margin:0 auto}"),
        (".a{}\n\n.b{}", ".a{}\n.b{}"),
        (".a{width:calc(100% - 2 * var(--space))}", ".a{width:calc(100% - 2 * var(--space))}"),
        (".a :hover {}", ".a :hover{}"),
        (".a /* not .b */ .c {}", ".a .c{}"),
        (".a/**/.b {}", ".a .b{}"),
        ('.a { content: "a  /* b */ ; } : c" }', '.a{content:"a  /* b */ ; } : c"}'),
        (r".a { content: '\'  ;  ' }", r".a{content:'\'  ;  '}"),
        (".a { background: url(data:image/svg+xml;a , b) }", ".a{background:url(data:image/svg+xml;a , b)}"),
        ("@media (min-width: 40em) and (hover) { .a { top: 0 } }", "@media (min-width:40em) and (hover){.a{top:0}\n}"),
        ("", ""),
    ],
)
def test_comments_and_needless_white_space_go_and_meaning_stays(rules: str, short: str) -> None:
    assert without_comments(rules) == short
