"""Checks for every screen: it fits, its targets suit a thumb, and axe finds no fault."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.helpers.drawn import too_wide
from tests.helpers.page_lint import faults

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
AXE = {"runOnly": list(RULES), "resultTypes": ["violations"]}
"""What axe looks for, and that it describes nothing else: to describe what is right takes as long again."""
CONTROLS = (
    "main :is(button, select, summary, textarea, .button, .filters__link, .choices__choice, .holders__link, "
    ".stock-name, .operation__link, input:not([type=hidden], [type=radio], [type=checkbox]))"
)
"""Targets for a thumb; a radio button is hit through its label."""


TO_THE_TOP = """() => new Promise((done) => {
    const next = (step) => requestAnimationFrame(() => requestAnimationFrame(step));
    next(() => { scrollTo(0, 0); next(done); });
})"""


def assert_suits_everybody(page: Page) -> None:
    """Check the page as it is: width, targets of 48 px, WCAG 2.2 AA, and the page lint."""
    page.evaluate(TO_THE_TOP)  # a control under the header is not small, only scrolled away
    wrong = Axe().run(page, options=AXE)
    wider = too_wide(page)
    small = page.evaluate(
        """controls => [...document.querySelectorAll(controls)]
          .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
          .filter(([, box]) => box.width > 1 && box.height < 48).map(([html]) => html)""",
        CONTROLS,
    )

    assert faults(page.content()) == [], page.url
    assert wrong.violations_count == 0, (page.url, wrong.generate_report())
    assert wider <= 0, page.url
    assert small == [], page.url
