"""The list of an import, as a file that a page reads in parts."""

from __future__ import annotations

from pathlib import Path

from webapp.domain.import_entries import Entry, EntryKind, EntryPage
from webapp.domain.wording import Wording, say
from webapp.services.imports.entry_lists import PAGE, EntryWriter, read_all, read_page


def written(path: Path, *entries: Entry) -> Path:
    writer = EntryWriter(path)
    writer.add(entries)
    writer.finish()
    return path


def test_a_list_is_read_by_kind_and_by_words_in_the_order_of_its_rows(tmp_path: Path) -> None:
    refused = Entry(EntryKind.REFUSED, 2, "N-100%_", subject="Zoé", reason=say("already imported"), changes=("more",))
    path = written(tmp_path / "1", Entry(EntryKind.NEW, 3, "N-2", "eBay"), refused)

    assert [one.row for one in read_all(path, None, "")] == [2, 3]
    assert [one.name for one in read_all(path, None, "EBAY")] == ["N-2"]
    assert list(read_all(path, EntryKind.REFUSED, "zoé")) == list(read_all(path, None, "%_")) == [refused]
    [back] = read_all(path, EntryKind.REFUSED, "")
    assert isinstance(back.reason, Wording)
    page = read_page(path, EntryKind.NEW, "n-", 1)
    assert page is not None
    assert (len(page.entries), page.counts, page.has_more) == (1, {EntryKind.NEW: 1, EntryKind.REFUSED: 1}, False)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_page_ends_where_the_next_one_begins(tmp_path: Path) -> None:
    path = written(tmp_path / "1", *(Entry(EntryKind.NEW, row, str(row)) for row in range(PAGE + 1)))

    first, second, third = (read_page(path, None, "", page) or EntryPage() for page in (1, 2, 3))
    assert (len(first.entries), first.has_more) == (PAGE, True)
    assert ([one.row for one in second.entries], second.has_more) == ([PAGE], False)
    assert third.entries == []


def test_what_a_process_left_behind_is_no_list_and_stands_in_nobodys_way(tmp_path: Path) -> None:
    path = written(tmp_path / "1", Entry(EntryKind.NEW, 1, "old"))
    EntryWriter(path).add([Entry(EntryKind.NEW, 1, "killed")])
    dropped = EntryWriter(path)
    dropped.add([Entry(EntryKind.NEW, 1, "dropped")])
    dropped.drop()

    assert [one.name for one in read_all(path, None, "")] == ["old"]
    assert [one.name for one in read_all(written(path, Entry(EntryKind.NEW, 1, "new")), None, "")] == ["new"]
    assert read_page(tmp_path / "none", None, "", 1) is None
