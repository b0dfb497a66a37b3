"""Exports hold text as text, keep what the reader wrote, and never leave half a file."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from tui_reader.doc import Block, Doc, Span, without_controls
from tui_reader.errors import FileError
from tui_reader.export import (
    Known,
    Press,
    Style,
    Written,
    annotation_lines,
    article_files,
    csv_text,
    document_markdown,
    file_name,
    page_text,
    quote_markdown,
    sheets_of,
    short_id,
    write_sheets,
)
from tui_reader.model import Highlight, HighlightKind, Quote, Source

DAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BEGIN, END = "<!-- tui-reader:begin -->", "<!-- tui-reader:end -->"
SOURCE = Source(
    title="Licence needed: 出口管制收紧",
    url="https://news.example/2026/licence?id=7",
    author="Mei Tan",
    published_at=datetime(2026, 3, 1, 23, 0, tzinfo=UTC),
    feed_title="Chip Weekly",
    feed_url="https://news.example/feed",
    lang="en",
    companies=("nvidia", "huawei"),
    topics=("export-controls",),
)


def highlight(
    exact: str = "Analysts had expected a higher limit.",
    *,
    id: str = "k7",
    start: int = 120,
    note: str = "",
    kind: HighlightKind = "",
    tags: tuple[str, ...] = (),
    source: Source = SOURCE,
    entry_id: int = 42,
    changed_at: datetime = DAY,
    prefix: str = "bandwidth. ",
    suffix: str = " Two suppliers",
) -> Highlight:
    quote = Quote(exact, prefix, suffix, start, start + len(exact))
    return Highlight(id, entry_id, 3, quote, note, kind, tags, "anchored", DAY, changed_at, source)


NAMES = {("company", "nvidia"): "NVIDIA", ("topic", "export-controls"): "Export controls"}
PRESS = Press(Style(names=NAMES))


def article_file(highlights: list[Highlight], *, existing: str | None = None) -> str:
    (sheet,) = sheets_of(highlights, "article", NAMES)
    return page_text(sheet, PRESS.section(sheet), PRESS.style, existing=existing)


def write_folder(highlights: Iterable[Highlight], folder: Path, *, last: Written | None = None) -> Written:
    """As the first export, or as one that knows what the `last` one wrote."""
    given = list(highlights)
    known = Known(last.noted if last else {}, {one.id for one in given})
    return write_sheets(sheets_of(given, "article", NAMES), folder, PRESS, known)


def titled(title: str, **more: object) -> Source:
    return replace(SOURCE, title=title, **more)  # type: ignore[arg-type]


def front_matter(text: str) -> dict[str, object]:
    values = yaml.safe_load(text.split("---\n")[1])
    assert isinstance(values, dict)
    return values


def unescaped(markdown: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


# --- the file of an article ------------------------------------------------------------------------------------------


def test_a_new_file():
    one = highlight(kind="claim", tags=("export control", "2026"), note="Ask **Mei** about this.")
    assert article_file([one]) == (
        "---\n"
        'title: "Licence needed: 出口管制收紧"\n'
        'source: "https://news.example/2026/licence?id=7"\n'
        'author: "Mei Tan"\n'
        'published: "2026-03-01"\n'
        'created: "2026-03-02"\n'
        'updated: "2026-03-02"\n'
        'feed: "Chip Weekly"\n'
        'lang: "en"\n'
        'companies: ["nvidia", "huawei"]\n'
        'topics: ["export-controls"]\n'
        'tags: ["2026", "export-control"]\n'
        "highlights: 1\n"
        'reader_id: "e42"\n'
        "---\n"
        "\n"
        f"{BEGIN}\n"
        "# Licence needed: 出口管制收紧\n"
        "\n"
        "[[NVIDIA]] · [[huawei]] · [[Export controls]]\n"
        "\n"
        "> Analysts had expected a higher limit.\n"
        "\n"
        "^hl-k7\n"
        "\n"
        "claim · #2026 #export-control · 2026-03-02 · "
        "[passage](https://news.example/2026/licence?id=7#:~:text=Analysts%20had%20expected%20a%20higher%20limit.)\n"
        "\n"
        "> [!note]\n"
        "> Ask **Mei** about this.\n"
        "\n"
        f"{END}\n"
    )


def test_highlights_stand_in_the_order_of_the_text():
    text = article_file([highlight(id="late", start=900), highlight(id="early", start=5)])
    assert text.index("^hl-early") < text.index("^hl-late")
    assert front_matter(text)["highlights"] == 2


def test_the_newest_highlight_says_title_and_date():
    older = highlight(id="a", source=titled("Old title"))
    newer = highlight(id="b", source=titled("New title"), changed_at=datetime(2026, 4, 5, tzinfo=UTC))
    values = front_matter(article_file([newer, older]))
    assert (values["title"], values["created"], values["updated"]) == ("New title", "2026-03-02", "2026-04-05")


def test_paragraphs_and_list_items_of_a_quote_stay_apart():
    text = article_file([highlight("Two findings:\n\nfirst\nsecond")])
    assert "> Two findings:\n>\n> first  \n> second\n" in text


def test_an_orphan_says_so():
    text = article_file([replace(highlight(), state="orphan")])
    assert "no longer in the article" in text


def test_no_link_without_a_web_address():
    for url in (None, "", "javascript:alert(1)", "file:///etc/passwd"):
        assert "[passage]" not in article_file([highlight(source=replace(SOURCE, url=url))])


def test_links_to_companies_name_their_pages_and_nothing_else():
    names = {
        ("company", "a"): "C# | <b>[[Corp]]</b>",
        ("company", "b"): "###",
        ("company", "c"): "AUX",
        ("topic", "t"): "Chips: 芯片",
    }
    one = highlight(source=replace(SOURCE, companies=("a", "b", "c", "d"), topics=("t",)))
    (sheet,) = sheets_of([one], "article", names)
    links = Press(Style(names=names)).section(sheet).split("\n")[3]
    assert links == "[[C b Corp b]] · \\#\\#\\# · [[_AUX]] · [[d]] · [[Chips 芯片]]"
    pages = [sheet.file for by in ("company", "topic") for sheet in sheets_of([one], by, names)]
    assert pages == ["C b Corp b.md", "company-b.md", "_AUX.md", "d.md", "Chips 芯片.md"]


# --- escaping --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile",
    [
        "# heading",
        "[[Other note]] and ![[embed]]",
        "%%hidden%%",
        "==marked==",
        "---",
        "===",
        "***",
        "- item",
        "+ item",
        "1. item",
        "2) item",
        "<!-- comment -->",
        END,
        BEGIN,
        "text ^hl-k7",
        "`code` and ```",
        "a | b | c",
        "*em* and _em_ and ~~del~~",
        "<script>alert(1)</script>",
        "$x^2$ costs $5-$10",
        "&lt;b&gt; &#27;",
        "> quoted",
        "[!note]",
        "#tag and #标签",
        "\\[escaped\\]",
        "[link](javascript:alert(1))",
        ":::warning",
        "((64fc3b6e-0000-4000-8000-000000000000))",
        "{{embed ((x))}}",
        "NO",
        "a" * 5000,
        "二字",
        "id:: 64fc3b6e-0000-4000-8000-000000000000",
    ],
)
def test_what_looks_like_markdown_is_text(hostile: str):
    text = article_file([highlight(hostile, source=titled(hostile))])
    body = text.split(BEGIN + "\n", 1)[1]
    title, quote = body.split("\n")[0], body.split("\n")[4]
    assert title.startswith("# ")
    assert quote.startswith("> ")
    for line, mark in ((title, "# "), (quote, "> ")):
        bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", line.removeprefix(mark))
        assert not re.search(r"[#\[\]`*_~|<>$^]|%%|==|\(\(|&(#|\w+;)", bare)
        assert unescaped(line.removeprefix(mark)) == hostile
    assert not re.match(r"> ([-+=]|\d+[.)])", quote)
    assert front_matter(text)["title"] == hostile
    assert text.count(BEGIN) == text.count(END) == 1
    assert len(re.findall(r"^\^hl-", text, re.MULTILINE)) == 1


def shown(markdown: str) -> tuple[set[str], list[str]]:
    """What a Markdown program makes of it: the kinds of its parts, and its lines of text."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    kinds: set[str] = set()
    texts: list[str] = []
    for token in parser.parse(markdown):
        kinds.add(token.type.removesuffix("_open").removesuffix("_close"))
        if token.children is not None:
            parts = [child.content if child.type in ("text", "text_special") else "\n" for child in token.children]
            kinds |= {child.type for child in token.children}
            texts += "".join(parts).split("\n")
        elif token.type == "fence":
            texts += [line for line in map(clean_line, token.content.split("\n")) if line]
    return kinds, texts


anything = st.text(
    st.one_of(st.characters(), st.sampled_from("-#[]%=`|*_~<>$^&!\\\"'{}:\n\r\t \u2028\x85\x1b\u202e\ufeff出口"))
)
pieces = st.lists(st.one_of(anything, st.sampled_from([BEGIN, END, "---", "\n", "```", "%%", "<!--"])), max_size=8)
wild = pieces.map("".join)
highlights = st.lists(
    st.builds(
        highlight,
        st.one_of(wild, st.just("plain")),
        id=st.text("abcdefgh123", min_size=4, max_size=8),
        start=st.integers(0, 5000),
        note=wild,
        tags=st.lists(wild, max_size=3).map(tuple),
        source=st.builds(
            titled, wild, author=wild, feed_title=wild, lang=wild, companies=st.lists(wild, max_size=2).map(tuple)
        ),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one.id,
)


@given(highlights)
@settings(max_examples=100, deadline=None)
def test_whatever_text_holds_front_matter_and_fence_stay_whole(given: list[Highlight]):
    text = article_file(given)
    values = front_matter(text)
    newest = max(given, key=lambda one: (one.changed_at, one.id)).source
    assert set(values) == set(front_matter(article_file([highlight()])))
    assert all(isinstance(values[key], str) for key in ("title", "author", "feed", "lang"))
    assert unescaped(str(values["title"])) == unescaped(clean_line(newest.title))
    lines = text.split("\n")
    assert lines.count(BEGIN) == lines.count(END) == 1
    assert lines[-2:] == [END, ""]
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text.replace("\t", " ")
    )
    assert article_file(given, existing=text) == text


def clean_line(text: str) -> str:
    return " ".join(without_controls(text).split())


@given(wild)
@settings(max_examples=100, deadline=None)
def test_a_markdown_program_shows_the_quote_to_the_letter(exact: str):
    lines = [line for line in (clean_line(line) for line in without_controls(exact).split("\n")) if line]
    quote = article_file([highlight(exact)]).split("\n\n^hl-")[0].split("\n\n", 3)[3]
    kinds, texts = shown(quote)
    assert kinds <= {"blockquote", "paragraph", "inline", "text", "text_special", "hardbreak", "fence"}
    assert texts == lines


def test_a_quote_of_code_keeps_its_indentation():
    code = f"if ok:\n\tgo(`1`)  # **to** ```\n    {END}\n\t^hl-k7"
    text = article_file([highlight(f"He *wrote*:\n\n{code}\n\nand\nleft.")])
    fence = "\n".join(f"> {line}" for line in ("````", *code.split("\n"), "````"))
    assert f"> He \\*wrote\\*:\n>\n{fence}\n>\n> and  \n> left.\n\n^hl-" in text
    assert text.split("\n").count(END) == 1
    assert article_file([highlight(f"He *wrote*:\n\n{code}\n\nand\nleft.")], existing=text) == text


def test_a_note_cannot_end_our_part_nor_swallow_what_follows():
    note = f"{END}\n```python\nx = 1\n<!-- open\n100%% sure\n^hl-k7"
    text = article_file([highlight(note=note)])
    inside = text.split("> [!note]\n")[1].split("\n\n")[0].split("\n")
    assert all(line.startswith("> ") for line in inside)
    assert "> 100\\%\\% sure" in inside
    assert "> \\^hl-k7" in inside


def test_a_note_keeps_its_markdown():
    note = "See [[Other#^hl-k7]] and **this**:\n\n- one\n- two #idea"
    assert "> See [[Other#^hl-k7]] and **this**:\n>\n> - one\n> - two #idea\n" in article_file([highlight(note=note)])


# --- what the reader wrote -------------------------------------------------------------------------------------------


def test_text_around_our_part_stays_to_the_byte():
    first = article_file([highlight()])
    before = "\r\n   My own summary \\\t\r\n"
    after = "## Later\n\n^hl-mine\x0c no newline at the end"
    existing = first.replace(BEGIN, before + BEGIN).replace(END + "\n", f"{END}  \r\n{after}")
    updated = article_file([highlight(), highlight("A second one.", id="k8", start=300)], existing=existing)
    assert updated.split("---\n", 2)[2].startswith("\n" + before + BEGIN)
    assert updated.endswith(f"{END}  \r\n{after}")
    assert "^hl-k8" in updated


def test_a_highlight_that_is_gone_is_taken_out():
    both = article_file([highlight(), highlight("A second one.", id="k8", start=300)])
    assert article_file([highlight()], existing=both) == article_file([highlight()])


def test_front_matter_of_the_readers_own_stays_to_the_byte():
    own = 'rating: 5   # stars\naliases:\n  - "Chips"\n\n# a comment\nsummary: >-\n  two\n\n  lines\n'
    existing = article_file([highlight()]).replace("---\n\n" + BEGIN, f"{own}---\n\n{BEGIN}", 1)
    existing = existing.replace('lang: "en"\n', "lang: en\n")
    updated = article_file([highlight(source=titled("Renamed"))], existing=existing)
    assert own in updated
    assert front_matter(updated) | {"title": 0} == front_matter(existing) | {"title": 0}
    assert front_matter(updated)["title"] == "Renamed"


@pytest.mark.parametrize(
    "written",
    [
        'tags: ["export-control", mine, "todo"]',
        "tags:\n  - export-control\n  - mine\n  - todo",
        "tags:\n- mine\n- '#todo'",
    ],
)
def test_tags_that_the_reader_added_stay_and_ours_go(written: str):
    tagged = article_file([highlight(tags=("export control",))])
    existing = tagged.replace('tags: ["export-control"]', written)
    assert front_matter(article_file([highlight(tags=("hbm",))], existing=existing))["tags"] == ["hbm", "mine", "todo"]


def test_front_matter_that_was_deleted_comes_back():
    text = article_file([highlight()])
    assert article_file([highlight()], existing=text.split("---\n", 2)[2].lstrip("\n")) == text.replace(
        "---\n\n<", "---\n<"
    )


def test_an_empty_file_is_a_new_one():
    assert article_file([highlight()], existing=" \n") == article_file([highlight()])


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace(BEGIN, ""),
        lambda text: text.replace(END, ""),
        lambda text: text.replace(BEGIN, "").replace(END, ""),
        lambda text: text + text,
        lambda text: text.replace(BEGIN, "@").replace(END, BEGIN).replace("@", END),
        lambda text: text.replace(BEGIN, "  " + BEGIN),
        lambda text: text.replace(f"---\n\n{BEGIN}", f"\n{BEGIN}"),
        lambda text: "My own note about something else.\n",
    ],
)
def test_damaged_markers_are_refused(damage):
    with pytest.raises(FileError, match=r"marker|front matter"):
        article_file([highlight()], existing=damage(article_file([highlight()])))


own_text = st.text(st.characters(exclude_characters="<"), max_size=60)


@given(own_text, own_text, highlights)
@settings(max_examples=60, deadline=None)
def test_own_text_survives_any_highlights(before: str, after: str, given: list[Highlight]):
    body = f"{before}\n{BEGIN}\n{END}\n{after}"
    existing = f"---\nmine: 1\n---\n{body}"
    updated = article_file(given, existing=existing)
    assert updated.split("---\n", 2)[2].startswith(f"{before}\n{BEGIN}\n")
    assert updated.endswith(f"\n{END}\n{after}")
    assert front_matter(updated)["mine"] == 1
    assert article_file(given, existing=updated) == updated


# --- links to the passage --------------------------------------------------------------------------------------------


def fragment(one: Highlight) -> str:
    match = re.search(r"\[passage\]\((\S+)\)", article_file([one]))
    assert match
    return match[1]


def test_long_quotes_are_named_by_their_ends():
    one = highlight("The first words of a paragraph that goes on for a while.\n\nAnd the last words of the next one.")
    assert unquote(fragment(one)).endswith(
        "#:~:text=The first words of a paragraph that,And the last words of the next one."
    )


def test_short_quotes_are_named_by_their_surroundings():
    one = highlight("12%", prefix="one\n\ndown a further ", suffix=" from a year earlier")
    assert unquote(fragment(one)).endswith(":~:text=down a further-,12%,-from a year")


def test_signs_of_the_fragment_itself_are_encoded():
    assert fragment(highlight("state-of-the-art, by far & away; nobody doubts it")).endswith(
        "text=state%2Dof%2Dthe%2Dart%2C%20by%20far%20%26%20away%3B%20nobody%20doubts%20it"
    )


def test_addresses_cannot_break_out_of_the_link():
    url = 'https://news.example/a_(b)/[c] <d>"e`?x==#part:~:text=old'
    link = fragment(highlight(source=replace(SOURCE, url=url)))
    assert link.startswith("https://news.example/a_%28b%29/%5Bc%5D%20%3Cd%3E%22e%60?x%3D%3D#part:~:text=Analysts")


# --- names of files --------------------------------------------------------------------------------------------------


def test_file_names():
    assert file_name(SOURCE, 42) == "2026-03-01 Licence needed 出口管制收紧 (e42).md"
    assert file_name(titled("", published_at=None), 7) == "(e7).md"
    assert file_name(titled("../../etc/passwd", published_at=None), 7) == "etc passwd (e7).md"
    assert file_name(titled("NUL", published_at=None), 7) == "_NUL (e7).md"
    assert file_name(titled("com1.txt: results", published_at=None), 7) == "_com1.txt results (e7).md"
    assert file_name(titled("a\x00b\u202ec\u200bd\ne"), 7) == "2026-03-01 abcd e (e7).md"


@given(wild | st.text(st.sampled_from("芯🧑‍🔬e\u0301/. "), max_size=200), st.integers(1, 10**9), st.booleans())
@settings(max_examples=100, deadline=None)
def test_file_names_are_good_everywhere(title: str, entry_id: int, dated: bool):
    name = file_name(titled(title, published_at=DAY if dated else None), entry_id)
    assert len(name.encode()) <= 180
    assert not re.search(r'[\\/:*?"<>|#^\x00-\x1f\x7f]', name)
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in name)
    assert name == name.strip()
    assert not name.startswith(".")
    assert name.endswith(f"({short_id(entry_id)}).md")
    assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)\s*\.", name.split("(e")[0] + ".")
    assert article_files([name]) == {entry_id: name}


def test_a_file_is_found_by_its_id():
    names = [
        "2026-03-01 One (e4).md",
        "renamed by hand (e42).md",
        "notes.md",
        "e42.md",
        "x (e42).md.bak",
        "y (e142).md",
    ]
    assert article_files(names) == {
        4: "2026-03-01 One (e4).md",
        42: "renamed by hand (e42).md",
        142: "y (e142).md",
    }
    assert article_files(iter(["b (e1).md", "a (e1).md"])) == {1: "a (e1).md"}


# --- the folder ------------------------------------------------------------------------------------------------------


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder_is_made_and_the_second_export_changes_nothing(tmp_path: Path):
    folder = tmp_path / "vault" / "highlights"
    given = [highlight(), highlight(id="k8", start=9), highlight(id="k9", entry_id=7, source=titled("Other"))]
    first = write_folder(given, folder)
    assert (first.written, first.unchanged, first.failed) == (2, 0, ())
    assert sorted(path.name for path in first.files) == sorted(contents(folder))
    times = {path: path.stat().st_mtime_ns for path in first.files}
    again = write_folder(iter(given), folder)
    assert (again.written, again.unchanged) == (0, 2)
    assert {path: path.stat().st_mtime_ns for path in again.files} == times


def test_the_file_keeps_its_name_when_the_title_changes(tmp_path: Path):
    (path,) = write_folder([highlight()], tmp_path).files
    path.write_bytes(path.read_bytes() + "我的笔记\r\n".encode())
    done = write_folder([highlight(source=titled("Renamed"))], tmp_path)
    assert done.files == (path,)
    assert list(contents(tmp_path)) == [path.name]
    assert path.read_bytes().endswith("我的笔记\r\n".encode())
    assert b"# Renamed\n" in path.read_bytes()


def test_one_damaged_file_does_not_hold_up_the_others(tmp_path: Path):
    (path,) = write_folder([highlight()], tmp_path).files
    path.write_text("all mine now", encoding="utf-8")
    latin = tmp_path / "old (e8).md"
    latin.write_bytes(b"caf\xe9")
    given = [highlight(id="k1"), highlight(id="k2", entry_id=8), highlight(id="k3", entry_id=9)]
    done = write_folder(given, tmp_path)
    assert (done.written, len(done.failed)) == (1, 2)
    assert any(path.name in line and "marker" in line for line in done.failed)
    assert path.read_text(encoding="utf-8") == "all mine now"
    assert latin.read_bytes() == b"caf\xe9"


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
def test_links_are_not_followed(tmp_path: Path):
    outside = tmp_path / "outside.md"
    outside.write_text("precious", encoding="utf-8")
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "x (e42).md").symlink_to(outside)
    (folder / "y (e43).md").symlink_to(tmp_path / "not there")
    done = write_folder([highlight(), highlight(id="k2", entry_id=43)], folder)
    assert (done.written, len(done.failed)) == (0, 2)
    assert outside.read_text(encoding="utf-8") == "precious"
    assert not (tmp_path / "not there").exists()


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_when_writing_fails_the_old_file_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str):
    last = write_folder([highlight()], tmp_path)
    before = contents(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "the disk")

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    assert "No space left on device" in write_folder([highlight(note="new")], tmp_path, last=last).broken
    assert contents(tmp_path) == before


def test_a_folder_that_is_none_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        assert str(folder) in write_folder([highlight()], folder).broken


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path):
    tmp_path.chmod(0o500)
    try:
        assert str(tmp_path) in write_folder([highlight()], tmp_path).broken
    finally:
        tmp_path.chmod(0o700)


# --- records ---------------------------------------------------------------------------------------------------------


def test_annotations():
    one = highlight(note="why?", kind="question", tags=("hbm",))
    (line,) = annotation_lines([one])
    assert "\n" not in line
    value = json.loads(line)
    assert value["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert (value["type"], value["motivation"]) == ("Annotation", "commenting")
    assert value["id"].startswith("urn:")
    assert (value["created"], value["modified"]) == ("2026-03-02T09:30:00Z", "2026-03-02T09:30:00Z")
    assert {(body["purpose"], body["value"]) for body in value["body"]} == {
        ("commenting", "why?"),
        ("tagging", "hbm"),
        ("classifying", "question"),
    }
    assert value["target"]["source"] == SOURCE.url
    assert value["target"]["selector"] == [
        {
            "type": "TextQuoteSelector",
            "exact": one.quote.exact,
            "prefix": one.quote.prefix,
            "suffix": one.quote.suffix,
        },
        {"type": "TextPositionSelector", "start": one.quote.start, "end": one.quote.end},
    ]


def test_an_annotation_without_note_or_address():
    value = json.loads(next(annotation_lines([highlight(source=replace(SOURCE, url=None))])))
    assert value["motivation"] == "highlighting"
    assert value["body"] == []
    assert value["target"]["source"].startswith("urn:")


SCHEMA = json.loads((Path(__file__).parent / "data" / "web_annotation.schema.json").read_text("utf-8"))


@given(highlights)
@settings(max_examples=100, deadline=None)
def test_annotations_are_those_of_the_model(given: list[Highlight]):
    lines = list(annotation_lines([*given, highlight(source=replace(SOURCE, url="https://a.example/ü b|c?q={x}"))]))
    for line in lines:
        Draft202012Validator(SCHEMA).validate(json.loads(line))


def test_csv_in_the_layout_of_readwise():
    text = csv_text([highlight('He said "no",\nthen left.', note="why?", tags=("export control",))])
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [
        ["Highlight", "Title", "Author", "URL", "Note", "Location", "Date"],
        [
            'He said "no",\nthen left.',
            SOURCE.title,
            "Mei Tan",
            SOURCE.url,
            ".export-control why?",
            "120",
            "2026-03-02 09:30:00",
        ],
    ]


@given(st.lists(wild, min_size=5, max_size=5))
@settings(max_examples=100, deadline=None)
def test_no_cell_is_a_formula(words: list[str]):
    exact, title, author, note, tag = words
    source = titled(title, author=author, url="=cmd()")
    text = csv_text([highlight(exact, note=note, tags=(tag,), source=source), highlight("=1+1")])
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == 3
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")) for row in rows for cell in row
    )
    assert rows[2][0] == "'=1+1"


# --- clipboard and whole articles ------------------------------------------------------------------------------------


def test_a_quote_for_the_clipboard():
    assert quote_markdown(highlight("First_line\n\nsecond")) == (
        "> First\\_line\n>\n> second\n\n"
        "[Licence needed: 出口管制收紧](https://news.example/2026/licence?id=7#:~:text=First_line,second), "
        "Mei Tan, Chip Weekly, 2026-03-01\n"
    )


class Sketch:
    """Builds a Doc block by block."""

    def __init__(self) -> None:
        self.text = ""
        self.blocks: list[Block] = []
        self.spans: list[Span] = []

    def add(self, kind: str, text: str, *, gap: str = "\n\n", **more: object) -> Sketch:
        start = len(self.text) + len(gap) if self.text else 0
        self.text += (gap if self.text else "") + text
        self.blocks.append(Block(kind, start, len(self.text), **more))  # type: ignore[arg-type]
        return self

    def span(self, kind: str, words: str, href: str = "") -> Sketch:
        start = self.text.rindex(words)
        self.spans.append(Span(kind, start, start + len(words), href))  # type: ignore[arg-type]
        return self

    def markdown(self) -> str:
        doc = Doc(self.text, tuple(self.blocks), tuple(sorted(self.spans, key=lambda one: (one.start, -one.end))))
        return document_markdown(SOURCE, doc).split("\n\n", 2)[2]


def test_the_head_of_an_article():
    text = document_markdown(titled("A [new] *model*"), Doc("", (), ()))
    assert text == (
        "# A \\[new\\] \\*model\\*\n\nMei Tan · Chip Weekly · 2026-03-01 · <https://news.example/2026/licence?id=7>\n"
    )


def test_blocks():
    sketch = (
        Sketch()
        .add("heading", "Results #1", level=1)
        .add("paragraph", "- not a list")
        .add("rule", "")
        .add("paragraph", "Quoted.", quoted=1)
        .add("paragraph", "Still quoted.", quoted=1)
        .add("code", "for x in y:\n    print(`x`)\n\n```", language="python")
        .add("table", "Model\tScore\nQwen|3\t71")
    )
    assert sketch.markdown() == (
        "## Results \\#1\n\n\\- not a list\n\n---\n\n> Quoted.\n>\n> Still quoted.\n\n"
        "````python\nfor x in y:\n    print(`x`)\n\n```\n````\n\n"
        "| Model | Score |\n| --- | --- |\n| Qwen\\|3 | 71 |\n"
    )


def test_lists():
    sketch = (
        Sketch()
        .add("item", "first", level=1, marker="9.")
        .add("item", "nested", level=2, marker="•", gap="\n")
        .add("paragraph", "more of nested", level=2)
        .add("item", "second", level=1, marker="10.", gap="\n")
        .add("code", "x", level=1)
        .add("paragraph", "after")
    )
    assert sketch.markdown() == (
        "9. first\n   - nested\n\n     more of nested\n10. second\n\n    ```\n    x\n    ```\n\nafter\n"
    )


def test_spans():
    sketch = (
        Sketch()
        .add("paragraph", "See the new report on [a chart] now.")
        .span("link", "new report", "https://lab.example/r(1)")
        .span("strong", "report")
        .span("image", "[a chart]", "https://lab.example/c.png")
        .add("paragraph", "本文原发在维基周刊上。")
        .span("emphasis", "维基周刊")
        .span("link", "维基周刊", "https://wiki.example/")
        .add("paragraph", "Run x = `1` or “引用”后 H2O bad link.")
        .span("code", "x = `1`")
        .span("strong", "“引用”")
        .span("sub", "2")
        .span("link", "bad", "javascript:alert(1)")
        .span("link", "link", "mailto:a@b.example")
    )
    assert sketch.markdown() == (
        "See the [new **report**](https://lab.example/r%281%29) on ![a chart](https://lab.example/c.png) now.\n\n"
        "本文原发在<em>[维基周刊](https://wiki.example/)</em>上。\n\n"
        "Run ``x = `1` `` or <strong>“引用”</strong>后 H<sub>2</sub>O bad [link](mailto:a@b.example).\n"
    ).replace("``x = `1` ``", "`` x = `1` ``")


@given(wild, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
@settings(max_examples=100, deadline=None)
def test_overlapping_spans_lose_no_text(text: str, ranges: list[tuple[int, int]]):
    words = " ".join(re.sub(r"[^\w ]", "", clean_line(text)).split())
    kinds = ("strong", "emphasis", "link", "mark", "code", "strike")
    spans = [
        Span(kinds[number], min(pair), min(max(pair), len(words)), "https://a.example/")
        for number, pair in enumerate(ranges)
        if min(pair) < min(max(pair), len(words))
    ]
    doc = Doc(words, (Block("paragraph", 0, len(words)),), tuple(sorted(spans, key=lambda one: (one.start, -one.end))))
    body = document_markdown(titled("t"), doc).split("\n\n", 2)
    shown = re.sub(
        r"\]\(https://a\.example/\)|</?mark>|</?strong>|</?em>|</?del>", "", body[2] if len(body) > 2 else ""
    )
    assert re.sub(r"[\[*~`\\\s]", "", shown) == re.sub(r"\s", "", words)
