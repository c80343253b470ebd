"""The server, which knows no views, lets long bodies in for the very views that take files."""

from __future__ import annotations

import re

from flask import Flask

from webapp.domain.uploads import UPLOAD_MARK, UPLOADS


def test_the_addresses_that_take_files_are_those_of_the_views_that_do(app: Flask) -> None:
    posts = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    marked = {rule.rule: getattr(app.view_functions[rule.endpoint], UPLOAD_MARK, 0) for rule in posts}

    for rule in posts:
        _, path = rule.build(dict.fromkeys(rule.arguments, 7), append_unknown=False) or ("", "")
        known = [most for pattern, most in UPLOADS.items() if re.fullmatch(pattern, path)]
        assert known == [marked[rule.rule]][: bool(marked[rule.rule])], path
    assert len(set(marked.values())) == 1 + len(UPLOADS)
