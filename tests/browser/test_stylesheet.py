"""For a browser, the joined CSS means the same as the files it is made of."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from webapp.web.stylesheet import join_rules, rule_files

CSS = Path(__file__).parents[2] / "static" / "css"
UNDERSTOOD = """
(rules) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  return [...sheet.cssRules].map((rule) => rule.cssText.replace(/\\s+/g, " ").replace(/\\s*([,(){};:])\\s*/g, "$1"));
}
"""
"""A browser keeps the white space of a token's value as it was written; around these marks it says nothing."""


def test_leaving_out_comments_and_white_space_changes_no_rule(page: Page) -> None:
    page.goto("/login")
    joined = join_rules(CSS)

    as_written = page.evaluate(UNDERSTOOD, "\n".join(file.read_text() for file in rule_files(CSS)))

    assert len(as_written) > 100
    assert page.evaluate(UNDERSTOOD, joined) == as_written
