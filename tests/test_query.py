"""What can be typed, what it means, and what a person is told who mistyped it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_reader.errors import QueryError
from tui_reader.model import And, Dates, Field, Near, Not, Or, Term, View, Words
from tui_reader.query import CHOICES, DATE_FIELDS, FIELDS, complete, format_query, parse_query, word_at, words_of

NOW = datetime(2026, 3, 31, 12, 30, tzinfo=UTC)
SHANGHAI = timezone(timedelta(hours=8))


def term_of(text: str, *, now: datetime = NOW) -> Term | None:
    return parse_query(text, now=now).term


def error_of(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse_query(text, now=NOW)
    return caught.value


def words(*texts: str) -> tuple[Words, ...]:
    return tuple(Words(text) for text in texts)


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


# --- what it means ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("", None),
        (" \t　", None),
        ("芯片", Words("芯片")),
        ("export controls", And(words("export", "controls"))),
        ('"export controls"', Words("export controls", phrase=True)),
        ("“出口  管制”", Words("出口 管制", phrase=True)),
        ("「出口管制」", Words("出口管制", phrase=True)),
        ("『出口管制』", Words("出口管制", phrase=True)),
        ('"he said “no”"', Words("he said “no”", phrase=True)),
        ("阿里“千问”模型", And((Words("阿里"), Words("千问", phrase=True), Words("模型")))),
        ("Cafe\u0301", Words("Caf\u00e9")),
        ("-rumour", Not(Words("rumour"))),
        ("－传闻", Not(Words("传闻"))),
        ('-"by sources"', Not(Words("by sources", phrase=True))),
        ("-(a b)", Not(And(words("a", "b")))),
        ("-near(a b)", Not(Near(("a", "b"), 10))),
        ("a or b", Or(words("a", "b"))),
        ("a OR b or c", Or(words("a", "b", "c"))),
        ("a AND b", And(words("a", "b"))),
        ("a AND b OR c", Or((And(words("a", "b")), Words("c")))),
        ("a NOT b", And((Words("a"), Not(Words("b"))))),
        ("a AND NOT (b or c)", And((Words("a"), Not(Or(words("b", "c")))))),
        ("NOT NOT a", Not(Not(Words("a")))),
        ("a and b, not c", And(words("a", "and", "b,", "not", "c"))),
        ('"AND" "NOT"', And((Words("AND", phrase=True), Words("NOT", phrase=True)))),
        ("a b or c", Or((And(words("a", "b")), Words("c")))),
        ("a (b or c)", And((Words("a"), Or(words("b", "c"))))),
        ("芯片（英伟达 or 华为）", And((Words("芯片"), Or(words("英伟达", "华为"))))),
        ("(a b) ((c))", And(words("a", "b", "c"))),
        ("a or (b or c)", Or(words("a", "b", "c"))),
        ("Or order or-else", And(words("Or", "order", "or-else"))),
        ('"or"', Words("or", phrase=True)),
        ("near(chip ban, 5)", Near(("chip", "ban"), 5)),
        ("NEAR（芯片 “出口 管制”，3）", Near(("芯片", "出口 管制"), 3)),
        ("near(or -5)", Near(("or", "-5"), 10)),
        ("near (a)", And(words("near", "a"))),
        ("芯片，机器人、AI；", And(words("芯片", "机器人", "AI"))),
        ("1,000 a，b", And(words("1,000", "a", "b"))),
        ("company:阿里，芯片", And((Field("company", "阿里"), Words("芯片")))),
        ("\u200bis:unread\ufeff", Field("is", "unread")),
        ("\u200fis:read\u202c", Field("is", "read")),
        ("company:Alibaba", Field("company", "Alibaba")),
        ("Company：阿里巴巴", Field("company", "阿里巴巴")),
        ('feed:"China  Notes"', Field("feed", "China Notes")),
        ("folder:「中文 媒体」", Field("folder", "中文 媒体")),
        ("feed:https://example.org/a?b=c", Field("feed", "https://example.org/a?b=c")),
        ("-is:UNREAD", Not(Field("is", "unread"))),
        ("kind:number", Field("kind", "number")),
        ("lang:zh-Hant", Field("lang", "zh-Hant")),
    ],
)
def test_a_query_means(text: str, term: Term | None) -> None:
    assert term_of(text) == term


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_takes_a_word_and_a_phrase(name: str) -> None:
    value = {"due": "2027-03-31"}.get(name) or CHOICES.get(name, ("deepseek",))[0]
    assert term_of(f"{name}:{value}") == term_of(f'{name}："{value}"') == Field(name, value)


@pytest.mark.parametrize(
    "text",
    [
        *("https://example.org/a", "C:", "C:\\models", "12:30", "Fed:", "Note:", "Update:x", "later:", "Kindle:"),
        *("公司：阿里", "关于company:x", "ratio:1", "C++", "GPT-5", "$5bn", "model”", "Topics:"),
    ],
)
def test_colons_and_signs_in_ordinary_text_are_text(text: str) -> None:
    assert term_of(text) == Words(text)


def test_a_pasted_title_is_searched_for_its_words() -> None:
    assert term_of("Qwen - the next step | 通义 & --more") == And(words("Qwen", "the", "next", "step", "通义", "more"))


def test_control_characters_and_lone_surrogates_part_words_and_never_come_out() -> None:
    view = parse_query("a\x00b\x1b[31m\ud800c\x9d", now=NOW)
    assert view.term == And(words("a", "b", "[31m", "c"))
    assert view.query.isprintable()


def test_the_view_keeps_name_and_text() -> None:
    view = parse_query("after:7d 芯片", now=NOW, name="chips")
    assert (view.name, view.query) == ("chips", "after:7d 芯片")
    assert parse_query("", now=NOW).query == ""


# --- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("on:2026", day(2026, 1, 1), day(2027, 1, 1)),
        ("on:2026-08", day(2026, 8, 1), day(2026, 9, 1)),
        ("on:2026-12", day(2026, 12, 1), day(2027, 1, 1)),
        ("on:2026-08-03", day(2026, 8, 3), day(2026, 8, 4)),
        ("on:2026-8-3", day(2026, 8, 3), day(2026, 8, 4)),
        ("on：today", day(2026, 3, 31), day(2026, 4, 1)),
        ("on:Yesterday", day(2026, 3, 30), day(2026, 3, 31)),
        ("on:2025..2026-02", day(2025, 1, 1), day(2026, 3, 1)),
        ("on:2026-02..", day(2026, 2, 1), None),
        ("on:..2026-02", None, day(2026, 3, 1)),
        ("after:2026-08", day(2026, 8, 1), None),
        ("before:2026-08", None, day(2026, 8, 1)),
        ("before:today", None, day(2026, 3, 31)),
        ("after:12h", NOW - timedelta(hours=12), None),
        ("after:7d", NOW - timedelta(days=7), None),
        ("before:2w", None, NOW - timedelta(days=14)),
        ("after:1m", datetime(2026, 2, 28, 12, 30, tzinfo=UTC), None),
        ("after:3M", datetime(2025, 12, 31, 12, 30, tzinfo=UTC), None),
        ("after:2y", datetime(2024, 3, 31, 12, 30, tzinfo=UTC), None),
        ("after:2026-08-03T09:30+08:00", datetime(2026, 8, 3, 1, 30, tzinfo=UTC), None),
    ],
)
def test_dates_are_half_open_spans(text: str, since: datetime | None, until: datetime | None) -> None:
    assert term_of(text) == Dates(since, until)


def test_days_begin_at_midnight_where_the_reader_is_and_come_out_in_utc() -> None:
    evening = datetime(2026, 8, 3, 20, 0, tzinfo=UTC).astimezone(SHANGHAI)
    term = term_of("on:today", now=evening)
    assert term == Dates(datetime(2026, 8, 3, 16, tzinfo=UTC), datetime(2026, 8, 4, 16, tzinfo=UTC))
    assert isinstance(term, Dates)
    assert term.since is not None
    assert term.since.tzinfo is UTC


def test_a_day_is_an_hour_shorter_when_the_clocks_go_forward() -> None:
    term = term_of("on:2026-03-29", now=datetime(2026, 6, 1, tzinfo=ZoneInfo("Europe/Berlin")))
    assert isinstance(term, Dates)
    assert term.since is not None
    assert term.until is not None
    assert term.until - term.since == timedelta(hours=23)


@pytest.mark.parametrize(
    "value",
    [
        *("0000", "0001", "9999", "7x", "99999y", "99999m", "soon", "20261301", "2026/02/30", "30.2.2026", "12345"),
        *("2026-08-03T25:00", "2026-W01T1", "..x", "2026...2027"),
    ],
)
@pytest.mark.parametrize("name", DATE_FIELDS)
def test_what_is_no_date_is_told_what_would_be_one(name: str, value: str) -> None:
    error = error_of(f"芯片 {name}:{value}")
    assert str(error).startswith(f"{name}:{value} at 3: expected a date (2026, ")
    assert error.offset == 3


@pytest.mark.parametrize("name", DATE_FIELDS)
@pytest.mark.parametrize("value", ["2026-13", "2026-02-30", "2026-2-30"])
def test_a_day_that_there_is_not_is_told_so(name: str, value: str) -> None:
    error = error_of(f"芯片 {name}:{value}")
    assert str(error).startswith(f"{name}:{value} at 3: there is no such day; expected a date (2026, ")
    assert error.offset == 3


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("after:20260803", "after:2026-08-03"),
        ("on:2026/8/3", "on:2026-08-03"),
        ("on:2026.08.03", "on:2026-08-03"),
        ("on:3.8.2026", "on:2026-08-03"),
        ("before:2026年8月", "before:2026-08"),
        ("on:2026年8月3日", "on:2026-08-03"),
        ("after:7days", "after:7d"),
        ("after:12hours", "after:12h"),
        ("after:7", "after:7d"),
        ("after:７d", "after:7d"),
        ("after:²d", "after:2d"),
        ("after:3天", "after:3d"),
        ("after:2周前", "after:2w"),
        ("after:6个月", "after:6m"),
        ("after:week", "after:7d"),
        ("on:今天", "on:today"),
        ("on:昨天", "on:yesterday"),
        ("on:yesturday", "on:yesterday"),
        ("on:7d", "after:7d"),
        ("on:7days", "after:7d"),
        ("on:2026-08..2026-07", "on:2026-07..2026-08"),
        ("on:2026/7..2026/8", "on:2026-07..2026-08"),
        ("due:7days", "due:7d"),
        ("due:2027/3/31", "due:2027-03-31"),
    ],
)
def test_a_date_in_other_words_is_understood_well_enough_to_say_it_rightly(text: str, meant: str) -> None:
    error = error_of(f"芯片 {text}")
    assert (str(error), error.offset, error.hint) == (f"{text}: did you mean {meant}?", 3, meant)
    term_of(meant)


def test_a_range_where_one_day_is_meant_is_a_mistake() -> None:
    assert "expected a date" in str(error_of("after:2025..2026"))


# --- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "offset", "message", "hint"),
    [
        ("芯片 compny:阿里", 3, "unknown field 'compny:' at 3: did you mean company:?", "company:"),
        ("Autor：x", 0, "unknown field 'Autor:' at 0: did you mean author:?", "author:"),
        ("a -is:unred", 3, "is:unred: did you mean is:unread?", "is:unread"),
        ("is:fine", 0, "is:fine at 0: expected one of unread, read, starred,", ""),
        ("kind:clam", 0, "kind:clam: did you mean kind:claim?", "kind:claim"),
        ("after:todya", 0, "after:todya: did you mean after:today?", "after:today"),
        ("a since:7d", 2, "unknown field 'since:' at 2: did you mean after:?", "after:"),
        ("Site：x", 0, "unknown field 'Site:' at 0: did you mean feed:?", "feed:"),
        ("language:zh", 0, "unknown field 'language:' at 0: did you mean lang:?", "lang:"),
        ("companies:x", 0, "unknown field 'companies:' at 0: did you mean company:?", "company:"),
        ("fedd:x", 0, "unknown field 'fedd:' at 0: did you mean feed:?", "feed:"),
        ("is:favorite", 0, "is:favorite: did you mean is:starred?", "is:starred"),
        ("is:unread,starred", 0, "is:unread,starred: did you mean is:unread is:starred?", "is:unread is:starred"),
        ("is:未读", 0, "is:未读: did you mean is:unread?", "is:unread"),
        ("tag: x", 0, "tag: at 0 needs a value right after the colon: did you mean tag:x?", "tag:x"),
        ("tag: is:read", 0, "tag: at 0 needs a value right after the colon", ""),
        ("a is:", 2, "is: at 2 needs a value right after the colon: unread, read, starred,", ""),
        ("feed:(a or b)", 0, "feed: at 0 needs a value right after the colon: of several, write (feed:a or", ""),
        ("a || b", 2, "'||' at 2: did you mean or?", "or"),
        ("a && b", 2, "'&&' at 2: did you mean AND?", "AND"),
        ("芯片 或 机器人", 3, "'或' at 3: did you mean or?", "or"),
        ("a !robot", 2, "'!robot' at 2: did you mean -robot?", "-robot"),
        ('x tag:""', 2, "tag: at 2 needs a value", ""),
        ('x "export controls', 2, 'the quote " at 2 is never closed', '"'),
        ("x 「出口管制", 2, "the quote 「 at 2 is never closed", "」"),
        ('feed:"China', 5, 'the quote " at 5 is never closed', '"'),
        ('a ""', 2, "no word between the quotes at 2", ""),
        ("a (b (c)", 2, "the parenthesis ( at 2 is never closed", ")"),
        ("a (", 2, "the parenthesis ( at 2 is never closed", ")"),
        ("a b) c", 3, "the parenthesis ) at 3 closes nothing", ""),
        (")", 0, "the parenthesis ) at 0 closes nothing", ""),
        ("a ( ) b", 2, "nothing between the parentheses at 2", ""),
        ("AND a", 0, "'AND' at 0 needs a term on both sides", '"AND"'),
        ("a AND", 2, "'AND' at 2 needs a term on both sides", '"AND"'),
        ("a AND AND b", 2, "'AND' at 2 needs a term on both sides", '"AND"'),
        ("a AND or b", 2, "'AND' at 2 needs a term on both sides", '"AND"'),
        ("a NOT", 2, "'NOT' at 2 has no term after it", '"NOT"'),
        ("(NOT) a", 1, "'NOT' at 1 has no term after it", '"NOT"'),
        ("NOT AND a", 0, "'NOT' at 0 has no term after it", '"NOT"'),
        ("a or", 2, "'or' at 2 needs a term on both sides", '"or"'),
        ("a (OR b)", 3, "'OR' at 3 needs a term on both sides", '"OR"'),
        ("a or or b", 5, "'or' at 5 needs a term on both sides", '"or"'),
        ("a -or b", 2, "the - at 2 has no term right after it", ""),
        ("-& Qwen", 0, "the - at 0 has no term right after it", ""),
        ("a near(b c", 2, "near( at 2 is not complete: expected near(word word, 5)", "near(word word, 5)"),
        ("near(b, c)", 6, "after the comma at 6 near( takes how many words may lie between", "near(word word, 5)"),
        ("a near(b c，5000)", 10, "after the comma at 10 near( takes", "near(word word, 5)"),
        ("near(b c,", 0, "near( at 0 is not complete", "near(word word, 5)"),
        ("near(a （b) c)", 7, "parentheses within near( at 7", "near(word word, 5)"),
        ("near(b)", 0, "near( at 0 takes 2 to 20 words", ""),
        ("\x00\ud800", 0, "no word to search for in", ""),
        ("🚀 —", 0, "no word to search for in '🚀 —'", ""),
        ("(" * 51 + "a" + ")" * 51, 50, "more than 50 parentheses inside each other at 50", ""),
        ("NOT " * 60 + "a", 200, "more than 50 parentheses inside each other at 200", ""),
        ("-(" * 51 + "a", 101, "more than 50 parentheses inside each other at 101", ""),
        ("(" * 2000, 1000, "more than 1000 words and signs in one query", ""),
        ("NOT " * 5000 + "a", 4000, "more than 1000 words and signs in one query", ""),
        ("a " * 251, 500, "more than 250 terms in one query", ""),
    ],
)
def test_mistakes_are_named_placed_and_put_right(text: str, offset: int, message: str, hint: str) -> None:
    error = error_of(text)
    assert str(error).startswith(message)
    assert (error.offset, error.hint) == (offset, hint)


def test_messages_stay_short_whatever_was_typed() -> None:
    for text in ("is:" + "x" * 5000, "after:" + "9" * 5000, "compan" + "y" * 3 + ":z", "…" * 5000):
        assert len(str(error_of(text))) < 200


PIECES = st.sampled_from(
    [
        '"',
        "“",
        "”",
        "「",
        "(",
        ")",
        "（",
        "-",
        "－",
        ":",
        "：",
        ",",
        "..",
        " ",
        "　",
        "or",
        "AND ",
        "NOT ",
        "near(",
        "C:",
        "阿里",
        "é",
    ]
    + [f"{name}:" for name in (*FIELDS, *DATE_FIELDS)]
    + ["unread", "2026", "2026-08", "9999", "7d", "99999m", "today", "\x00", "\ud800", "compny:", "\u0301", "ſ", "²"]
)
QUERIES = st.lists(PIECES | st.text(max_size=4), max_size=14).map("".join)
ZONES = st.sampled_from([UTC, SHANGHAI, timezone(-timedelta(hours=11, minutes=30)), ZoneInfo("America/Sao_Paulo")])


@settings(max_examples=100, deadline=None)
@given(QUERIES, ZONES)
def test_any_text_parses_or_is_a_query_error_inside_the_text(text: str, zone: timezone) -> None:
    now = NOW.astimezone(zone)
    error, view = None, View("", "")
    try:
        view = parse_query(text, now=now)
    except QueryError as caught:
        error = caught
    assert error is None or (0 <= error.offset <= len(text) and "\n" not in str(error))
    assert parse_query(format_query(view.term, zone=zone), now=now).term == view.term


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("is:due", "2026-11-20"),
        ("due:today", "2026-11-20"),
        ("due:tomorrow", "2026-11-21"),
        ("due:2027", "2027-12-31"),
        ("due:2027-02", "2027-02-28"),
        ("due:2027-3-1", "2027-03-01"),
        ("due:30d", "2026-12-20"),
        ("due:+3m", "2027-02-20"),
        ("due:1y", "2027-11-20"),
    ],
)
def test_days_to_come(text: str, day: str) -> None:
    now = datetime(2026, 11, 20, 23, 30, tzinfo=timezone(timedelta(hours=8)))
    assert term_of(text, now=now) == Field("due", day)


@pytest.mark.parametrize("text", ["due:soon", "due:2027-13", "due:99999y"])
def test_what_is_no_day_to_come_is_told(text: str) -> None:
    with pytest.raises(QueryError, match="a day"):
        term_of(text)


# --- writing ---------------------------------------------------------------------------------------------------------

BARE = st.sampled_from(["芯片", "Qwen3", "C++", "12:30", "https://example.org/a", "Fed:", "x-or-y", "don't"])
QUOTED = (
    st.text(st.sampled_from('ab "”」or:-(），,é芯'), min_size=1)
    .map(lambda text: "w " + " ".join(text.split()))
    .map(str.strip)
)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
DAYS = INSTANTS.map(lambda moment: moment.replace(hour=0, minute=0, second=0, microsecond=0))
ATOMS = st.one_of(
    BARE.map(Words),
    QUOTED.map(lambda text: Words(text, phrase=True)),
    st.builds(Near, st.lists(BARE | QUOTED, min_size=2, max_size=3).map(tuple), st.integers(0, 999)),
    st.builds(Field, st.sampled_from(["company", "feed", "title"]), BARE | QUOTED),
    st.sampled_from(CHOICES["is"]).filter(lambda value: value != "due").map(lambda value: Field("is", value)),
    st.dates().map(lambda day: Field("due", day.isoformat())),
    st.builds(Dates, INSTANTS | DAYS, st.none()),
    st.builds(Dates, st.none(), INSTANTS | DAYS),
    st.tuples(INSTANTS | DAYS, INSTANTS | DAYS)
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: Dates(min(pair), max(pair))),
    st.just(Dates(None, None)),
)


def not_of(kind: type, terms: st.SearchStrategy[Term]) -> st.SearchStrategy[tuple[Term, ...]]:
    """Two terms or more, none of them of the kind that they are put into: as the parser leaves them."""
    return st.lists(terms.filter(lambda term: not isinstance(term, kind)), min_size=2, max_size=3).map(tuple)


TERMS = st.recursive(
    ATOMS,
    lambda terms: st.one_of(terms.map(Not), not_of(And, terms).map(And), not_of(Or, terms).map(Or)),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(TERMS, ZONES)
def test_what_is_written_parses_to_the_same(term: Term, zone: timezone) -> None:
    assert term_of(format_query(term, zone=zone), now=NOW.astimezone(zone)) == term


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (None, ""),
        (And((Field("company", "alibaba"), Not(Words("x")))), "company:alibaba -x"),
        (And((Or(words("a", "b")), Words("c"))), "(a or b) c"),
        (Or((And(words("a", "b")), Words("c"))), "a b or c"),
        (Not(Or(words("a", "b"))), "-(a or b)"),
        (Field("feed", "China Notes"), 'feed:"China Notes"'),
        (Words('the "new" one', phrase=True), '“the "new" one”'),
        (Near(("a b", "c"), 3), 'near("a b" c, 3)'),
        (Dates(day(2026, 8, 3), day(2026, 8, 4)), "on:2026-08-03"),
        (Dates(day(2026, 8, 1), day(2026, 9, 1)), "on:2026-08-01..2026-08-31"),
        (Dates(day(2026, 8, 3), None), "after:2026-08-03"),
        (Dates(None, NOW), "before:2026-03-31T12:30:00Z"),
        # What the language cannot say becomes its neighbour.
        (Words("or"), '"or"'),
        (Words("NOT"), '"NOT"'),
        (Words("topic:chips"), '"topic:chips"'),
        (Words("two words"), '"two words"'),
        (Words('”」』" x', phrase=True), '"”」』 x"'),
    ],
)
def test_writing_is_as_a_person_would_type_it(term: Term | None, text: str) -> None:
    assert format_query(term) == text


def test_days_are_written_as_the_reader_counts_them() -> None:
    term = Dates(datetime(2026, 8, 2, 16, tzinfo=UTC), datetime(2026, 8, 3, 16, tzinfo=UTC))
    assert format_query(term, zone=SHANGHAI) == "on:2026-08-03"
    assert format_query(term) == "on:2026-08-02T16:00:00Z..2026-08-03T16:00:00Z"


def test_words_to_mark_are_those_that_a_match_contains() -> None:
    term = term_of('芯片 "export ban" (a or near(b c)) -d -(e f) company:g is:unread 芯片')
    assert words_of(term) == ("芯片", "export ban", "a", "b", "c")
    assert words_of(None) == ()


# --- completion ------------------------------------------------------------------------------------------------------

VALUES = {"company": ("alibaba", "deepseek", "xai"), "feed": ("China Notes", "Chip Letter"), "is": ("ignored",)}


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("", "", ()),
        ("chips ", "", ()),
        ("co", "co", ("company:",)),
        ("x -F", "F", ("feed:", "folder:")),
        ("(a", "a", ("author:", "after:")),
        ("nea", "nea", ("near(",)),
        ("芯片", "芯片", ()),
        ('"comp', "", ()),
        ("is:un", "is:un", ("is:unread",)),
        ("is:rea", "is:rea", ("is:read", "is:unread")),
        ("is:later", "is:later", ()),
        ("-company:AI", "company:AI", ("company:xai",)),
        ("company:", "company:", ("company:alibaba", "company:deepseek", "company:xai")),
        ("Company：a", "Company：a", ("company:alibaba", "company:xai")),
        ("feed:ch", "feed:ch", ('feed:"China Notes"', 'feed:"Chip Letter"')),
        ('feed:"china n', 'feed:"china n', ('feed:"China Notes"',)),
        ("on:ye", "on:ye", ("on:yesterday",)),
        ("topic:x", "topic:x", ()),
        ("https:", "https:", ()),
    ],
)
def test_the_word_at_the_cursor_is_completed(text: str, word: str, found: tuple[str, ...]) -> None:
    assert word_at(text, len(text)) == word
    assert complete(text, len(text), values=VALUES) == found


def test_what_lies_behind_the_cursor_does_not_matter() -> None:
    assert complete("is:un or (", 5, values={}) == ("is:unread",)


@settings(max_examples=100, deadline=None)
@given(QUERIES, st.integers(0, 30))
def test_a_completion_takes_the_place_of_the_word_at_the_cursor(text: str, cursor: int) -> None:
    assert text[:cursor].endswith(word_at(text, cursor))
    for whole in complete(text, cursor, values=VALUES):
        assert whole.endswith((":", "(")) or term_of(whole) is not None
