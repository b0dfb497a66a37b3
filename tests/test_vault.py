"""What was edited in the Markdown comes back; what changed on both sides is never written over."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import NOW, entry, save, subscribe

from tui_reader.errors import FileError
from tui_reader.export import PRESETS, By, Preset, Press, Style, Written, blocks, page_text, sheets_of, shown
from tui_reader.model import Highlight, HighlightKind, Noted, Quote, Source, Tag
from tui_reader.store import Store
from tui_reader.vault import Prefer, Pull, export_highlights, pull_notes, stale_entries, whole_articles

BEGIN, END = "<!-- tui-reader:begin -->", "<!-- tui-reader:end -->"
TEXT = (
    "The foundry doubles its output by spring.\n\nDemand has not slowed, its chief said.\n\nTwo buyers paid in advance."
)


class Desk:
    """A store with one article, a folder beside it, and somebody who writes into both."""

    def __init__(self, store: Store, folder: Path, preset: Preset = "obsidian", template: str = "") -> None:
        self.store, self.folder = store, folder
        self.press = Press(Style(preset, template, {("company", "sk-hynix"): "SK hynix"}))
        subscribe(store)
        self.entry_id, self.other_id = save(
            store, entry("memory", "Memory is sold out", TEXT), entry("other", "Another story", "Nothing to see here.")
        )

    def highlight(
        self,
        quote: str = "Demand has not slowed",
        *,
        note: str = "",
        tags: tuple[str, ...] = (),
        kind: HighlightKind = "",
        check_by: date | None = None,
    ) -> str:
        article = self.store.entries.article(self.entry_id if quote in TEXT else self.other_id)
        start = article.text.index(quote)
        made = self.store.highlights.add(
            article, start, start + len(quote), now=NOW, note=note, tags=tags, kind=kind, check_by=check_by
        )
        return made.id

    def export(self, by: By = "article") -> Written:
        return export_highlights(self.store, self.store.highlights.all(), self.folder, self.press, by=by)

    def pull(self, prefer: Prefer | None = None, by: By = "article") -> Pull:
        later = NOW + timedelta(hours=1)
        return pull_notes(
            self.store, self.store.highlights.all(), self.folder, self.press, by=by, now=later, prefer=prefer
        )

    def set_note(self, highlight_id: str, note: str) -> None:
        self.store.highlights.change(self.get(highlight_id), note=note, now=NOW + timedelta(minutes=5))

    def get(self, highlight_id: str) -> Highlight:
        return self.store.highlights.get(highlight_id)

    @property
    def file(self) -> Path:
        (path,) = self.folder.glob("*.md")
        return path

    def edit(self, old: str, new: str) -> None:
        """As an editor does, in the file."""
        text = self.file.read_bytes().decode()
        assert old in text
        self.file.write_bytes(text.replace(old, new, 1).encode())


@pytest.fixture(params=PRESETS)
def desk(store: Store, tmp_path: Path, request: pytest.FixtureRequest) -> Desk:
    return Desk(store, tmp_path / "vault", request.param)


@pytest.fixture
def obsidian(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, tmp_path / "vault")


# --- the way back ----------------------------------------------------------------------------------------------------


def test_an_edited_note_comes_back_undoably(desk: Desk) -> None:
    one = desk.highlight(note="Ask **Mei**.\n\n- first\n- second")
    other = desk.highlight("Two buyers paid", note="Untouched.")
    desk.export()
    desk.edit("Ask **Mei**.", "Asked Mei: 是的。")
    pull = desk.pull()
    assert [(each.id, each.field, each.status) for each in pull.changes] == [(one, "note", "pulled")]
    assert pull.changes[0].exported == pull.changes[0].store == "Ask **Mei**.\n\n- first\n- second"
    assert desk.get(one).note == "Asked Mei: 是的。\n\n- first\n- second"
    assert desk.get(other).note == "Untouched."
    assert desk.pull().changes == ()
    before = desk.file.read_bytes()
    assert (desk.export().failed, desk.export().unchanged) == ((), 1)
    assert desk.file.read_bytes() == before
    done = desk.store.undo(NOW)
    assert done is not None
    assert done.description == "read 1 edited highlight back"
    assert desk.get(one).note == "Ask **Mei**.\n\n- first\n- second"


def test_edited_tags_come_back_and_those_that_stay_keep_their_letters(desk: Desk) -> None:
    one = desk.highlight(tags=("export control", "hbm"))
    desk.export()
    desk.edit(" #hbm ·", " #价格 #supply/chain ·")
    pull = desk.pull()
    assert [(each.field, each.status, each.in_file) for each in pull.changes] == [
        ("tags", "pulled", ("export-control", "supply/chain", "价格"))
    ]
    assert desk.get(one).tags == ("export control", "supply/chain", "价格")
    assert desk.pull().changes == ()
    assert desk.export().failed == ()


@pytest.mark.parametrize(
    ("before", "old", "new", "after"),
    [
        (("", None), "#hbm", "question · #hbm", ("question", None)),
        (("fact", None), "fact · ", "", ("", None)),
        (("number", None), "number", "Fact", ("fact", None)),
        (("claim", None), "claim", "claim · check by 2027-01-31", ("claim", date(2027, 1, 31))),
        (("", None), "#hbm", "check by 2027-01-31 #hbm", ("claim", date(2027, 1, 31))),
        (("claim", date(2026, 12, 1)), "2026-12-01", "2026-12-24", ("claim", date(2026, 12, 24))),
        (("claim", date(2026, 12, 1)), "check by 2026-12-01 · ", "", ("claim", None)),
        (("claim", date(2026, 12, 1)), "claim · check by 2026-12-01", "fact", ("fact", None)),
    ],
)
def test_an_edited_kind_comes_back_with_its_day(
    desk: Desk,
    before: tuple[HighlightKind, date | None],
    old: str,
    new: str,
    after: tuple[HighlightKind, date | None],
) -> None:
    one = desk.highlight(note="Ask Mei.", tags=("hbm",), kind=before[0], check_by=before[1])
    desk.export()
    desk.edit(old, new)
    assert "edited" in desk.export().failed[0]
    assert [(each.field, each.status) for each in desk.pull().changes] == [("kind", "pulled")]
    kept = desk.get(one)
    assert (kept.kind, kept.check_by, kept.note, kept.tags) == (*after, "Ask Mei.", ("hbm",))
    assert desk.pull().changes == ()
    assert desk.export().failed == ()
    desk.store.undo(NOW)
    assert (desk.get(one).kind, desk.get(one).check_by) == before


def test_a_kind_that_changed_on_both_sides_waits_for_the_reader(desk: Desk) -> None:
    one = desk.highlight(kind="claim")
    desk.export()
    desk.edit("claim", "fact")
    desk.store.highlights.change(desk.get(one), kind="number", now=NOW + timedelta(minutes=5))
    (change,) = desk.pull().changes
    assert (change.status, change.field) == ("conflict", "kind")
    assert (change.store, change.in_file, change.exported) == ("number", "fact", "claim")
    assert desk.get(one).kind == "number"
    assert [each.status for each in desk.pull(prefer="file").changes] == ["pulled"]
    assert desk.get(one).kind == "fact"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("clam", "“clam” is no kind: write fact, claim, number or question"),
        ("fact · claim", "“claim” is no kind"),
        ("claim · check by 2026-02-30", "2026-02-30 is no day"),
        ("claim · check by soon", "“check by soon” is no kind"),
        ("fact · check by 2026-12-01", "a fact has no day"),
    ],
)
def test_what_is_no_kind_is_told_and_nothing_is_taken_of_its_file(desk: Desk, words: str, reason: str) -> None:
    one = desk.highlight(kind="claim", note="Ask Mei.")
    desk.export()
    desk.edit("Ask Mei.", "Asked Mei.")
    desk.edit("claim", words)
    pull = desk.pull()
    assert pull.changes == ()
    assert reason in pull.failed[0]
    assert (desk.get(one).note, desk.get(one).kind) == ("Ask Mei.", "claim")
    assert "edited" in desk.export().failed[0]


def test_what_stands_there_in_a_template_of_the_readers_own_is_no_kind(store: Store, tmp_path: Path) -> None:
    template = (
        "{% for one in articles[0].highlights %}{{ one.quote | quoted }}\n\n^hl-{{ one.id }}\n\n"
        "read on · {{ one.date }}\n\n> [!note]\n{{ one.note | quoted }}\n\n{% endfor %}"
    )
    desk = Desk(store, tmp_path / "vault", template=template)
    one = desk.highlight(kind="fact", note="Ask Mei.")
    desk.export()
    desk.edit("Ask Mei.", "Asked Mei.")
    desk.edit("read on", "read long ago")
    assert [(each.field, each.status) for each in desk.pull().changes] == [("note", "pulled")]
    assert (desk.get(one).note, desk.get(one).kind) == ("Asked Mei.", "fact")
    assert desk.export().failed == ()
    assert "read on" in desk.file.read_text()


def test_a_note_that_is_written_below_a_bare_quote_comes_back(obsidian: Desk) -> None:
    one = obsidian.highlight()
    obsidian.export()
    obsidian.edit(f"\n{END}", f"My own thought, in no callout.\n\n> a quote of mine\n\n{END}")
    obsidian.pull()
    assert obsidian.get(one).note == "My own thought, in no callout.\n\n> a quote of mine"
    assert obsidian.export().written == 1
    assert "> [!note]\n> My own thought, in no callout.\n>\n> > a quote of mine\n" in obsidian.file.read_text("utf-8")
    assert obsidian.pull().changes == ()


def test_a_note_that_is_taken_out_of_the_file_is_taken_out_of_the_store(desk: Desk) -> None:
    one = desk.highlight(note="Wrong.")
    desk.export()
    desk.edit("\t- Wrong.\n" if desk.press.style.preset == "logseq" else "> [!note]\n> Wrong.\n", "")
    assert [each.status for each in desk.pull().changes] == ["pulled"]
    assert desk.get(one).note == ""


def test_a_change_on_one_side_only_is_no_conflict(desk: Desk) -> None:
    one = desk.highlight(note="before")
    desk.export()
    desk.set_note(one, "after")
    assert desk.pull().changes == ()
    assert desk.export().written == 1
    assert "after" in desk.file.read_text("utf-8")


def test_the_same_change_on_both_sides_is_no_conflict(desk: Desk) -> None:
    one = desk.highlight(note="before")
    desk.export()
    desk.set_note(one, "after")
    desk.edit("before", "after")
    assert desk.pull().changes == ()
    assert desk.export().failed == ()


def conflict(desk: Desk) -> str:
    one = desk.highlight(note="before", tags=("hbm",))
    desk.export()
    desk.set_note(one, "the reader's")
    desk.edit("before", "the file's")
    return one


def test_a_conflict_stays_as_it_is_on_both_sides(desk: Desk) -> None:
    one = conflict(desk)
    for _ in range(2):
        (change,) = desk.pull().changes
        assert (change.status, change.store, change.in_file, change.exported) == (
            "conflict",
            "the reader's",
            "the file's",
            "before",
        )
        written = desk.export()
        assert written.written == 0
        assert "--pull" in written.failed[0]
    assert desk.get(one).note == "the reader's"
    assert "the file's" in desk.file.read_text("utf-8")


@pytest.mark.parametrize(
    ("prefer", "status", "note"), [("file", "pulled", "the file's"), ("store", "kept", "the reader's")]
)
def test_a_conflict_is_decided_by_the_reader(desk: Desk, prefer: Prefer, status: str, note: str) -> None:
    one = conflict(desk)
    assert [each.status for each in desk.pull(prefer).changes] == [status]
    assert desk.export().failed == ()
    assert desk.get(one).note == note
    assert note in desk.file.read_text("utf-8")
    assert desk.pull().changes == ()


def test_tags_come_back_though_the_note_is_in_conflict(desk: Desk) -> None:
    one = conflict(desk)
    desk.edit("#hbm · 2026", "#hbm #price · 2026")
    assert {each.field: each.status for each in desk.pull().changes} == {"note": "conflict", "tags": "pulled"}
    assert desk.get(one).tags == ("hbm", "price")
    assert {each.field: each.status for each in desk.pull().changes} == {"note": "conflict"}


def test_preferring_one_side_does_not_turn_back_what_only_the_other_changed(desk: Desk) -> None:
    one = desk.highlight(note="one")
    two = desk.highlight("Two buyers paid", note="two")
    desk.export()
    desk.edit("two", "two in the file")
    desk.set_note(one, "one in the reader")
    desk.pull("store")
    assert desk.get(two).note == "two in the file"
    desk.pull("file")
    assert desk.get(one).note == "one in the reader"


def test_without_a_record_no_side_is_right(desk: Desk) -> None:
    """A vault that was restored, or that another copy of the database has written."""
    one = desk.highlight(note="before")
    desk.export()
    desk.edit("before", "in the file")
    desk.store.database.run("DELETE FROM exports")
    assert "--pull" in desk.export().failed[0]
    assert [each.status for each in desk.pull().changes] == ["conflict"]
    assert [each.status for each in desk.pull("file").changes] == ["pulled"]
    assert desk.get(one).note == "in the file"


def test_an_export_does_not_write_over_edits(desk: Desk) -> None:
    desk.highlight(note="before", tags=("hbm",))
    desk.export()
    for old, new in (("before", "after"), ("#hbm", "#hbm #price")):
        desk.edit(old, new)
        before = desk.file.read_bytes()
        desk.highlight("Two buyers paid")
        assert "edited there" in desk.export().failed[0]
        assert desk.file.read_bytes() == before
        desk.pull()
        assert desk.export().failed == ()


def test_our_part_is_made_anew_where_no_word_of_the_readers_is_in_it(obsidian: Desk) -> None:
    obsidian.highlight()
    obsidian.export()
    before = obsidian.file.read_bytes()
    obsidian.edit("> Demand has not slowed", "> Demand has slowed")
    assert obsidian.export().written == 1
    assert obsidian.file.read_bytes() == before


def test_what_comes_back_is_clean(desk: Desk) -> None:
    one = desk.highlight(note="before")
    desk.export()
    desk.edit("before", "a\x1b[31mb\u202ec")
    desk.pull()
    assert desk.get(one).note == "a[31mbc"


def test_a_file_with_windows_line_ends_is_no_edit_and_keeps_them(desk: Desk) -> None:
    desk.highlight(note="one\n\ntwo")
    desk.export()
    desk.file.write_bytes(desk.file.read_bytes().replace(b"\n", b"\r\n"))
    assert desk.pull().changes == ()
    before = desk.file.read_bytes()
    assert desk.export().unchanged == 1
    assert desk.file.read_bytes() == before


# --- highlights that are gone ----------------------------------------------------------------------------------------


def test_a_removed_highlight_leaves_its_file_and_is_listed(desk: Desk) -> None:
    one, two = desk.highlight(), desk.highlight("Two buyers paid")
    desk.export()
    desk.store.highlights.remove(desk.get(one), now=NOW)
    written = desk.export()
    assert [(each.id, each.quote) for each in written.removed] == [(one, "Demand has not slowed")]
    assert "Demand has not slowed" not in desk.file.read_text("utf-8").split(BEGIN)[1]
    assert desk.export().removed == ()
    desk.edit(f"{END}\n", f"{END}\nMy own words.\n")
    desk.store.highlights.remove(desk.get(two), now=NOW)
    assert [each.id for each in desk.export().removed] == [two]
    text = desk.file.read_text("utf-8")
    assert text.endswith("My own words.\n")
    assert "Two buyers" not in text
    assert re.search(r"^highlights::? 0$", text, re.MULTILINE)
    assert desk.export().written == 0
    desk.store.undo(NOW)
    assert desk.export().written == 1
    assert "Two buyers" in desk.file.read_text("utf-8")


def test_a_note_edited_in_the_file_outlives_its_highlight(desk: Desk) -> None:
    one = desk.highlight(note="before")
    desk.export()
    desk.edit("before", "a night's work")
    desk.store.highlights.remove(desk.get(one), now=NOW)
    assert "edited there" in desk.export().failed[0]
    (change,) = desk.pull().changes
    assert (change.status, change.store, change.in_file) == ("conflict", None, "a night's work")
    assert [each.status for each in desk.pull("store").changes] == ["kept"]
    assert desk.export().written == 1
    assert "a night's work" not in desk.file.read_text("utf-8")


def test_highlights_of_another_database_are_left_alone(desk: Desk) -> None:
    one = desk.highlight(note="before")
    desk.export()
    text = desk.file.read_text("utf-8")
    other = {
        "obsidian": text.replace(f"^hl-{one}", "^hl-zzzzzzzz22"),
        "logseq": text.replace("reader-id:: e", "reader-id:: e9"),
    }
    desk.file.write_text(other[desk.press.style.preset], "utf-8")
    before = desk.file.read_bytes()
    assert re.search("another database|other highlights", desk.export().failed[0])
    assert desk.file.read_bytes() == before


def test_a_highlight_that_stands_there_twice_is_refused(obsidian: Desk) -> None:
    one = obsidian.highlight(note="before")
    obsidian.export()
    block = f"> Demand has not slowed\n\n^hl-{one}\n\n"
    obsidian.edit(block, block + block)
    before = obsidian.file.read_bytes()
    for failed in (obsidian.export().failed, obsidian.pull().failed):
        assert "twice" in failed[0]
    assert obsidian.file.read_bytes() == before


@pytest.mark.parametrize("damage", [BEGIN, END])
def test_a_damaged_fence_is_refused_explained_and_kept(desk: Desk, damage: str) -> None:
    one = desk.highlight(note="before")
    desk.export()
    desk.edit(damage, "")
    desk.edit("before", "after")
    before = desk.file.read_bytes()
    for failed in (desk.export().failed, desk.pull().failed):
        assert "damaged" in failed[0]
        assert desk.file.name in failed[0]
    assert desk.file.read_bytes() == before
    assert desk.get(one).note == "before"


# --- which files -----------------------------------------------------------------------------------------------------


def test_a_file_a_company_a_topic_a_day_and_one_for_all(obsidian: Desk) -> None:
    obsidian.highlight(note="one")
    obsidian.highlight("Nothing to see", note="two")
    obsidian.store.tags.save(
        obsidian.entry_id, [Tag("company", "sk-hynix", "SK hynix"), Tag("topic", "chips", "")], "1"
    )
    assert [path.name for path in obsidian.export("company").files] == ["SK hynix.md"]
    assert [path.name for path in obsidian.export("topic").files] == ["chips.md"]
    assert [path.name for path in obsidian.export("day").files] == ["2026-11-20.md"]
    assert [path.name for path in obsidian.export("all").files] == ["Highlights.md"]
    both = (obsidian.folder / "Highlights.md").read_text("utf-8")
    assert both.count("\n## [") == both.count("\n^hl-") == 2
    assert "## [Memory is sold out](https://harbour.example/memory) · Harbour Weekly · 2026-11-20\n" in both
    assert "two" not in (obsidian.folder / "SK hynix.md").read_text("utf-8")
    for by in ("company", "topic", "day", "all"):
        assert (obsidian.export(by).written, obsidian.export(by).unchanged) == (0, 1)


def test_a_note_edited_in_the_file_of_a_company_reaches_all_files(obsidian: Desk) -> None:
    one = obsidian.highlight(note="before")
    obsidian.store.tags.save(obsidian.entry_id, [Tag("company", each, "") for each in ("micron", "sk-hynix")], "1")
    obsidian.export("company")
    file = obsidian.folder / "micron.md"
    file.write_text(file.read_text("utf-8").replace("before", "after"), "utf-8")
    assert [(each.file, each.status) for each in obsidian.pull(by="company").changes] == [("micron.md", "pulled")]
    assert obsidian.get(one).note == "after"
    written = obsidian.export("company")
    assert (written.failed, written.written, written.unchanged) == ((), 1, 1)
    assert "after" in (obsidian.folder / "SK hynix.md").read_text("utf-8")


def test_a_file_of_the_readers_own_is_left_alone_until_it_says_where(obsidian: Desk) -> None:
    obsidian.highlight()
    obsidian.folder.mkdir()
    own = obsidian.folder / "2026-11-20.md"
    own.write_text("# My day\n\nBread, milk.\n", "utf-8")
    (failed,) = obsidian.export("day").failed
    assert "of your own" in failed
    assert BEGIN in failed
    assert own.read_text("utf-8") == "# My day\n\nBread, milk.\n"
    own.write_text(f"# My day\n\n{BEGIN}\n{END}\n\nBread, milk.\n", "utf-8")
    assert obsidian.export("day").written == 1
    text = own.read_text("utf-8")
    assert text.endswith(f"{END}\n\nBread, milk.\n")
    assert "# My day\n\n" + BEGIN in text


def test_two_articles_of_one_title_and_date_have_a_file_each(store: Store, tmp_path: Path) -> None:
    subscribe(store)
    for entry_id in save(store, entry("a", "Same title"), entry("b", "Same title")):
        store.highlights.add(store.entries.article(entry_id), 0, 11, now=NOW)
    written = export_highlights(store, store.highlights.all(), tmp_path, Press(Style()), by="article")
    assert len({path.name.casefold() for path in written.files}) == 2


def test_companies_whose_names_differ_in_their_capitals_have_a_file_each() -> None:
    names = {("company", "a"): "Nio", ("company", "b"): "NIO", ("company", "c"): "..", ("company", "d"): "con"}
    given = [made(companies=(slug,), id=f"k{slug}") for slug in "abcd"]
    files = [sheet.file for sheet in sheets_of(given, "company", names)]
    assert files == ["Nio.md", "NIO (company-b).md", "company-c.md", "_con.md"]


def test_a_file_that_was_renamed_and_moved_by_hand_stays_its_articles(desk: Desk) -> None:
    one = desk.highlight(note="before")
    desk.highlight("Nothing to see")
    (first, second) = desk.export().files
    mine = next(
        path for path in (first, second) if one in path.read_text("utf-8") or "before" in path.read_text("utf-8")
    )
    (desk.folder / "Archive").mkdir()
    (desk.folder / ".trash").mkdir()
    (desk.folder / ".trash" / mine.name).write_bytes(mine.read_bytes())
    moved = mine.rename(desk.folder / "Archive" / "Memory, my own name.md")
    assert (desk.export().written, desk.export().unchanged) == (0, 2)
    assert not mine.exists()
    moved.write_text(moved.read_text("utf-8").replace("before", "after"), "utf-8")
    assert [each.status for each in desk.pull().changes] == ["pulled"]
    assert desk.get(one).note == "after"
    # What is gone for good is written anew.
    moved.unlink()
    assert [path for path in desk.export().files if path == mine] == [mine]


def test_a_folder_of_the_other_preset_is_refused(store: Store, tmp_path: Path) -> None:
    desks = {preset: Press(Style(preset)) for preset in PRESETS}
    desk = Desk(store, tmp_path / "vault")
    desk.highlight()
    for one, other in (("obsidian", "logseq"), ("logseq", "obsidian")):
        desk.press = desks[one]  # type: ignore[index]
        assert desk.export().failed == ()
        before = desk.file.read_bytes()
        desk.press = desks[other]  # type: ignore[index]
        assert f"written for {one.title()}" in desk.export().failed[0]
        assert desk.file.read_bytes() == before
        desk.file.unlink()


# --- what has changed since ------------------------------------------------------------------------------------------


def test_only_what_the_folder_has_not_is_stale(desk: Desk) -> None:
    one = desk.highlight()
    desk.highlight("Nothing to see")
    assert sorted(stale_entries(desk.store, desk.folder)) == sorted([desk.entry_id, desk.other_id])
    desk.export()
    assert stale_entries(desk.store, desk.folder) == ()
    desk.set_note(one, "new")
    assert stale_entries(desk.store, desk.folder) == (desk.entry_id,)
    whole = whole_articles(desk.store, stale_entries(desk.store, desk.folder))
    assert export_highlights(desk.store, whole, desk.folder, desk.press, by="article").written == 1
    assert stale_entries(desk.store, desk.folder) == ()
    desk.store.undo(NOW)
    assert stale_entries(desk.store, desk.folder) == (desk.entry_id,)
    desk.export()
    desk.store.highlights.remove(desk.get(one), now=NOW)
    assert stale_entries(desk.store, desk.folder) == (desk.entry_id,)
    desk.export()
    assert stale_entries(desk.store, desk.folder) == ()


def test_a_folder_that_vanished_is_made_anew(desk: Desk) -> None:
    desk.highlight()
    desk.export()
    file = desk.file
    before = file.read_bytes()
    file.unlink()
    desk.folder.rmdir()
    assert stale_entries(desk.store, desk.folder) == (desk.entry_id,)
    assert desk.export().written == 1
    assert file.read_bytes() == before
    file.unlink()
    desk.folder.rmdir()
    with pytest.raises(FileError, match="vault"):
        desk.pull()


def test_what_was_written_before_the_disk_was_full_is_remembered(desk: Desk) -> None:
    one = desk.highlight(note="before")
    desk.highlight("Nothing to see")
    blocked = desk.folder / f".2026-11-20 Another story (e2).md.{os.getpid()}.tmp"
    blocked.mkdir(parents=True)
    with pytest.raises(FileError, match="cannot export"):
        desk.export()
    blocked.rmdir()
    desk.set_note(one, "after")
    written = desk.export()
    assert (written.failed, written.written) == ((), 2)


def test_what_others_change_while_files_are_read_is_not_lost(desk: Desk) -> None:
    one = desk.highlight(note="before")
    desk.export()
    desk.edit("before", "in the file")
    read_before = desk.store.highlights.all()
    desk.set_note(one, "in the reader, meanwhile")
    later = NOW + timedelta(hours=1)
    pull = pull_notes(desk.store, read_before, desk.folder, desk.press, by="article", now=later)
    assert pull.changes == ()
    assert "pull again" in pull.failed[0]
    assert desk.get(one).note == "in the reader, meanwhile"
    assert [each.status for each in desk.pull().changes] == ["conflict"]


# --- templates -------------------------------------------------------------------------------------------------------


def test_a_template_of_the_readers_own(store: Store, tmp_path: Path) -> None:
    template = (
        "{% for article in articles %}{% for highlight in article.highlights %}\n{{ highlight.quote | quoted }}\n"
        "^hl-{{ highlight.id }}\n{{ highlight.facts | join(' · ') }}\n\n{{ highlight.note }}\n{% endfor %}{% endfor %}"
    )
    desk = Desk(store, tmp_path / "vault", template=template)
    one = desk.highlight(note=f"before\n{END}\n{BEGIN}")
    desk.highlight("Two buyers paid", note="other")
    desk.export()
    text = desk.file.read_text("utf-8")
    assert text.count(f"\n{END}") == text.count(f"\n{BEGIN}") == 1
    assert "> Demand has not slowed\n^hl-" in text
    assert desk.export().unchanged == 1
    desk.edit("before", "after")
    desk.pull()
    assert desk.get(one).note.startswith("after\n")


def test_a_template_that_hides_what_is_a_note_gives_none_back(store: Store, tmp_path: Path) -> None:
    template = (
        "{% for article in articles %}{% for highlight in article.highlights %}\n{{ highlight.quote | quoted }}\n"
        "^hl-{{ highlight.id }}\n\nHe said:\n{{ highlight.note }}\n\n***\n{% endfor %}{% endfor %}"
    )
    desk = Desk(store, tmp_path / "vault", template=template)
    one = desk.highlight(note="before")
    desk.export()
    assert desk.export().unchanged == 1
    desk.edit("before", "after")
    assert "template" in desk.pull().failed[0]
    assert "edited there" in desk.export().failed[0]
    assert desk.get(one).note == "before"


@pytest.mark.parametrize(
    ("template", "named"),
    [
        ("{% for %}", "line 1"),
        ("\n{{ titel }}", "titel"),
        ("{{ articles[0].__class__.__mro__ }}", "unsafe"),
        ("{{ title.__init__.__globals__ }}", "unsafe"),
        ("{% include '/etc/passwd' %}", "loader"),
        ("{{ 1 // 0 }}", "zero"),
        ("{{ range(10**9) | list }}", "range|too big|Range"),
        ("{{ articles[9].title }}", "no element|undefined"),
    ],
)
def test_a_template_that_is_wrong_is_named_and_writes_nothing(
    store: Store, tmp_path: Path, template: str, named: str
) -> None:
    try:
        desk = Desk(store, tmp_path / "vault", template=template)
    except FileError as error:
        complaint = str(error)
    else:
        desk.highlight()
        (complaint,) = desk.export().failed
    assert "the template" in complaint
    assert re.search(named, complaint)
    assert not list((tmp_path / "vault").glob("*.md"))


# --- properties ------------------------------------------------------------------------------------------------------


def made(
    exact: str = "A quote.",
    *,
    id: str = "k7",
    note: str = "",
    tags: tuple[str, ...] = (),
    kind: HighlightKind = "",
    check_by: date | None = None,
    title: str = "Title",
    companies: tuple[str, ...] = (),
) -> Highlight:
    day = datetime(2026, 3, 2, tzinfo=UTC)
    source = Source(title, "https://news.example/a", "", day, "Feed", "https://news.example/feed", "en", companies)
    quote = Quote(exact, "", "", 0, len(exact))
    return Highlight(id, 42, 3, quote, note, kind, tags, "anchored", day, day, source, check_by)


_signs = "-#[]%=`|*_~<>$^&!\\\"'{}:·\n\r\t \u2028\x85\x1b\u202e\ufeff出口12026-03-02"
anything = st.text(st.one_of(st.characters(), st.sampled_from(_signs)))
words = st.sampled_from(
    [BEGIN, END, "---", "\n", "\n\n", "```", "%%", "<!--", "^hl-k7", "> [!note]", "- ", "id:: ", "## ", "\t", " · "]
)
wild = st.lists(st.one_of(anything, words), max_size=8).map("".join)
highlights = st.lists(
    st.builds(
        made,
        wild,
        id=st.text("abcdefgh123", min_size=4, max_size=8),
        note=wild,
        tags=st.lists(wild, max_size=3).map(tuple),
        kind=st.sampled_from(["", "claim"]),
        check_by=st.sampled_from([None, date(2026, 12, 1)]),
        title=wild,
        companies=st.lists(st.text('ab-1./:,"é出', max_size=4), max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one.id,
)


@pytest.mark.parametrize("by", ["article", "all"])
@given(highlights)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_again_as_it_was(by: By, given_ones: list[Highlight]) -> None:
    (sheet,) = sheets_of(given_ones, by, {})
    there = blocks(Press(Style()).section(sheet), ())
    assert {each: block.noted for each, block in there.items()} == {one.id: shown(one) for one in given_ones}


tame = st.lists(st.one_of(st.text("ab出口 .*_[]()!"), st.sampled_from(["\n", "\n\n", "- x", "> y", "# z"])), max_size=8)


@given(st.lists(tame.map("".join), min_size=1, max_size=3), highlights)
@settings(max_examples=100, deadline=None)
def test_in_logseq_too(notes: list[str], given_ones: list[Highlight]) -> None:
    noted = [replace(one, note=note) for one, note in zip(given_ones, notes, strict=False)]
    (sheet,) = sheets_of(noted, "article", {})
    there = blocks(Press(Style("logseq")).section(sheet), [one.id for one in noted])
    assert {each: block.noted for each, block in there.items()} == {one.id: shown(one) for one in noted}


@pytest.mark.parametrize("preset", PRESETS)
@given(highlights)
@settings(max_examples=100, deadline=None)
def test_no_text_breaks_out_of_the_fence(preset: Preset, given_ones: list[Highlight]) -> None:
    for by in ("article", "all"):
        (sheet,) = sheets_of(given_ones, by, {})
        lines = [line.removeprefix("- ") for line in Press(Style(preset)).section(sheet).split("\n")]
        assert (lines[0], lines[-1]) == (BEGIN, END)
        assert lines.count(BEGIN) == lines.count(END) == 1


@pytest.mark.parametrize("by", ["article", "all", "company", "day"])
@given(highlights, wild)
@settings(max_examples=60, deadline=None)
def test_every_file_parses_and_is_written_once(by: By, given_ones: list[Highlight], name: str) -> None:
    names = {("company", slug): name for one in given_ones for slug in one.source.companies}
    style = Style(names=names)
    for sheet in sheets_of(given_ones, by, names):
        section = Press(style).section(sheet)
        text = page_text(sheet, section, style)
        values = yaml.safe_load(text.split("---\n")[1])
        assert (values["reader_id"], values["highlights"]) == (sheet.reader_id, len(sheet.highlights))
        assert page_text(sheet, section, style, existing=text) == text
        assert 4 <= len(sheet.file.encode()) <= 255
        assert not re.search(r'[\\/:*?"<>|\x00-\x1f]', sheet.file)
        assert not sheet.file.startswith(".")


@given(wild)
@settings(max_examples=100, deadline=None)
def test_an_edit_of_a_note_is_what_comes_back(note: str) -> None:
    """Whatever a reader types into the callout of a note: it is the note then, and the next export changes no byte."""
    edited = shown(made(note=note)).note
    again = shown(made(note=edited))
    assert again == Noted(edited, (), "")
