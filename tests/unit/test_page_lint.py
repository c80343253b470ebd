"""The page lint finds the faults it looks for."""

from __future__ import annotations

import pytest

from tests.helpers.page_lint import faults

PAGE = "<!doctype html><html lang='{lang}'><head><title>{title} · Packbench</title></head><body>{body}</body></html>"


def page(body: str, *, title: str = "Orders", lang: str = "en") -> str:
    return PAGE.format(lang=lang, title=title, body=body)


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        (page("<p>Nothing</p>"), "headings of the first level: []"),
        (page("<h1>Orders</h1><h1>Stock</h1>"), "headings of the first level: ['Orders', 'Stock']"),
        (page("<h1>Stock</h1>"), "the title is 'Orders·Packbench', the heading 'Stock'"),
        (page("<h1>Orders</h1><p aria-describedby='gone'>"), "aria-describedby points at ['gone']"),
        (page("<h1>Orders</h1><p>Stock</p>", lang="de"), "in English: 'Stock'"),
        ("<p id='a'></p><b id='a'></b>", "2 elements have the id 'a'"),
        ("<input name='q'>", "no label: <input"),
        ("<label></label><select name='q'></select>", "no label: <select"),
        ("<label for='q'></label><textarea id='q'></textarea>", "no label: <textarea"),
        ("<button><svg></svg></button>", "says nothing: <button"),
        ("<a href='/'><img alt='' src='x'></a>", "says nothing: <a"),
        ("<form method='post'><button>Go</button></form>", "leads nowhere: <form"),
    ],
)
def test_a_fault_is_found(html: str, fault: str) -> None:
    assert [wrong for wrong in faults(html) if wrong.startswith(fault)] != []


@pytest.mark.parametrize(
    "html",
    [
        page("<h1>Orders</h1><p>Stock</p>"),
        page("<h1>SKU-1</h1><p lang='en'>Stock</p>", title="SKU-1", lang="de"),
        page("<h1>Cancel <b>A-1</b>?</h1>", title="Cancel A-1? · Late"),
        "<label>Units <input name='q'></label><input aria-label='Units' name='q'><input type='hidden' name='key'>",
        "<label for='q'>Units</label><input id='q'>",
        "<form hx-post='/ship'><button aria-label='Ship'></button></form>",
        "<form><button formaction='/undo'>Undo</button></form><form method='dialog'><button>Close</button></form>",
        "<template><p id='a'></p></template><p id='a'></p>",
    ],
)
def test_what_is_right_is_left_alone(html: str) -> None:
    assert faults(html) == []
