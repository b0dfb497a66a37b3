"""Highlights found again in edited articles: the right place or none."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_reader.anchor import Edit, find_quote, make_quote
from tui_reader.anchor.alignment import align
from tui_reader.anchor.ends import is_whole
from tui_reader.anchor.places import Wanted, place_at
from tui_reader.anchor.words import Words, alike

ENGLISH = """Export rules tighten for the second time this year

The Commerce Department said on Tuesday that makers of accelerators will need a licence to ship cards with more than \
600 gigabytes per second of memory bandwidth. Analysts had expected a higher limit. Two suppliers said they would \
appeal.

Revenue from the region was $4.1 billion in the second quarter, down 12% from a year earlier. The company now expects \
the third quarter to be flat. "We build for the customers we are allowed to serve," its finance chief said.

Cloud providers in Singapore and Malaysia are the likely winners. They have ordered racks well into 2027, and their \
power contracts were signed before prices rose.

Smaller laboratories will feel it most. A training run that took three weeks on rented cards may now take two months, \
and several teams told us that they have begun to share clusters."""

CHINESE = """出口管制年内第二次收紧

美国商务部周二表示，显存带宽超过每秒600GB的加速卡出口需要申请许可证。分析师此前预计门槛会更高。两家供应商表示将提出申诉。

该地区第二季度营收为41亿美元，同比下降12%。公司预计第三季度与上季持平。财务总监说：“我们只能服务获准服务的客户。”

新加坡和马来西亚的云服务商可能成为赢家。它们的机柜订单已经排到2027年，电力合同也在涨价之前签好了。

小型实验室受到的冲击最大。过去租卡训练三周的模型，现在可能要两个月，几支团队告诉我们，他们已经开始共用集群。"""

QUOTES = {
    ENGLISH: (
        "makers of accelerators will need a licence",
        "Revenue from the region was $4.1 billion in the second quarter, down 12% from a year earlier.",
        "Cloud providers in Singapore and Malaysia are the likely winners.",
        "A training run that took three weeks on rented cards may now take two months",
    ),
    CHINESE: (
        "显存带宽超过每秒600GB的加速卡出口需要申请许可证",
        "该地区第二季度营收为41亿美元，同比下降12%。",
        "新加坡和马来西亚的云服务商可能成为赢家。",
        "过去租卡训练三周的模型，现在可能要两个月",
    ),
}
EACH = [pytest.param(text, words, id=words[:16]) for text, quotes in QUOTES.items() for words in quotes]


def quoted(text: str, words: str):
    start = text.index(words)
    return make_quote(text, start, start + len(words))


def passage(text: str, quote) -> str | None:
    found = find_quote(text, quote)
    return text[found.start : found.end] if found else None


# --- making ----------------------------------------------------------------------------------------------------------


def test_a_quote_has_32_characters_on_either_side():
    quote = quoted(ENGLISH, "Analysts had expected a higher limit.")
    assert quote.prefix == ENGLISH[quote.start - 32 : quote.start]
    assert quote.suffix == ENGLISH[quote.end : quote.end + 32]
    assert ENGLISH[quote.start : quote.end] == quote.exact


def test_white_space_at_the_ends_is_left_out():
    start = ENGLISH.index("\n\nCloud providers")
    quote = make_quote(ENGLISH, start, start + 17)
    assert quote.exact == "Cloud providers"
    assert ENGLISH[quote.start : quote.end] == "Cloud providers"


def test_surroundings_grow_until_they_tell_the_place():
    line = "The model is available to all customers from today. "
    text = line * 4 + "Only here. " + line * 4
    quote = make_quote(text, len(line) * 2, len(line) * 3 - 1)
    assert text.count(quote.prefix + quote.exact + quote.suffix) == 1
    assert len(quote.prefix) > 32


def test_surroundings_stop_growing_in_a_text_that_only_repeats():
    quote = make_quote("哈" * 5000, 2000, 2002)
    assert len(quote.prefix) == len(quote.suffix) == 512


def test_an_empty_passage_is_refused():
    with pytest.raises(ValueError, match="empty"):
        make_quote("one\n\ntwo", 3, 5)


# --- finding: right --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "words"), EACH)
def test_unchanged(text: str, words: str):
    found = find_quote(text, quoted(text, words))
    assert found is not None
    assert (found.start, found.exact, found.score) == (text.index(words), True, 100)
    assert text[found.start : found.end] == words


@pytest.mark.parametrize(("text", "words"), EACH)
def test_a_paragraph_was_put_in_before(text: str, words: str):
    edited = text.replace(
        "\n\n", "\n\nCorrection: an earlier version named the wrong agency. 更正：此前版本有误。\n\n", 1
    )
    found = find_quote(edited, quoted(text, words))
    assert found is not None
    assert found.exact
    assert found.start == edited.index(words)


@pytest.mark.parametrize(("text", "words"), EACH)
def test_the_paragraphs_around_were_removed(text: str, words: str):
    edited = next(part for part in text.split("\n\n") if words in part)
    assert passage(edited, quoted(text, words)) == words


@pytest.mark.parametrize(("text", "words"), EACH)
def test_the_paragraphs_were_put_in_another_order(text: str, words: str):
    edited = "\n\n".join(reversed(text.split("\n\n")))
    assert passage(edited, quoted(text, words)) == words


@pytest.mark.parametrize(
    ("text", "words", "changed"),
    [
        (ENGLISH, "makers of accelerators will need a licence", "makers of accelerators will need a license"),
        (ENGLISH, QUOTES[ENGLISH][1], "Sales from the region were $4.1 billion in the second quarter, down 12%."),
        (ENGLISH, QUOTES[ENGLISH][1], QUOTES[ENGLISH][1].replace("$4.1", "$4.3")),
        (
            ENGLISH,
            QUOTES[ENGLISH][3],
            "A training run that takes three weeks on rented cards could soon take two months",
        ),
        (CHINESE, QUOTES[CHINESE][0], "显存带宽高于每秒600GB的加速卡出口须申请许可证"),
        (CHINESE, QUOTES[CHINESE][1], "该地区二季度营收41亿美元，同比下降12%。"),
        (CHINESE, QUOTES[CHINESE][3], "过去租卡训练三个星期的模型，如今可能要两个月"),
    ],
)
def test_words_were_changed(text: str, words: str, changed: str):
    edited = text.replace(words, changed)
    found = find_quote(edited, quoted(text, words))
    assert found is not None
    assert edited[found.start : found.end] == changed
    assert not found.exact
    assert found.score < 100


def test_a_sentence_was_put_into_the_quote():
    words = "Analysts had expected a higher limit. Two suppliers said they would appeal."
    edited = ENGLISH.replace("higher limit. Two", "higher limit. Shares fell 3% in New York. Two")
    changed = passage(edited, quoted(ENGLISH, words))
    assert changed is not None
    assert changed.startswith("Analysts had")
    assert changed.endswith("would appeal.")


def test_white_space_and_case_were_changed():
    words = QUOTES[ENGLISH][1]
    edited = ENGLISH.replace(words, words.upper().replace(" THE ", "\n\nTHE\u00a0"))
    assert passage(edited, quoted(ENGLISH, words)) == words.upper().replace(" THE ", "\n\nTHE\u00a0")


def test_simplified_became_traditional():
    traditional = CHINESE.replace("新加坡和马来西亚的云服务商可能成为赢家", "新加坡和馬來西亞的雲服務商可能成為贏家")
    traditional = traditional.replace("它们的机柜订单已经排到", "它們的機櫃訂單已經排到").replace("集群", "叢集")
    assert passage(traditional, quoted(CHINESE, "云服务商可能成为赢家")) == "雲服務商可能成為贏家"


def test_of_two_equal_quotes_the_one_with_the_same_surroundings():
    text = "Alpha raised $200 million. The round closed in May.\n\nBeta raised $90 million. The round closed in May."
    second = make_quote(text, text.rindex("The round"), len(text))
    edited = "Update below.\n\n" + text.replace("Beta raised", "Its rival Beta has raised")
    found = find_quote(edited, second)
    assert found is not None
    assert found.start == edited.rindex("The round")


@pytest.mark.parametrize("words", ["千问", "华为"])
def test_two_characters_are_found_by_their_surroundings(words: str):
    text = "阿里云把千问的价格下调一半，华为随后跟进。\n\n开发者说，千问和华为的接口如今几乎一样。"
    for start in (text.index(words), text.rindex(words)):
        quote = make_quote(text, start, start + 2)
        edited = "编者按：本文有更新。\n\n" + text.replace("开发者说", "多位开发者表示").replace("下调一半", "下调五成")
        found = find_quote(edited, quote)
        assert found is not None
        assert found.start == (edited.index(words) if start == text.index(words) else edited.rindex(words))


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_quote_of_the_whole_article(text: str):
    quote = make_quote(text, 0, len(text))
    parts = text.split("\n\n")
    parts.insert(2, "Correction: an earlier version named the wrong agency. 更正：此前版本写错了部门名称。")
    edited = "\n\n".join(parts).replace("Tuesday", "Wednesday").replace("周二", "周三")
    assert passage(text, quote) == text
    assert passage(edited, quote) == edited


# --- finding: none ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "words"), EACH)
def test_a_sentence_that_was_taken_out_is_nowhere(text: str, words: str):
    assert find_quote(text.replace(words, ""), quoted(text, words)) is None


@pytest.mark.parametrize(("text", "words"), EACH)
def test_a_sentence_that_was_replaced_is_nowhere(text: str, words: str):
    other = (
        "Nobody at the ministry was available for comment before publication."
        if text is ENGLISH
        else "部委发言人未予置评。"
    )
    assert find_quote(text.replace(words, other), quoted(text, words)) is None


def test_a_twin_with_other_numbers_is_not_taken_for_the_one_that_is_gone():
    rows = [
        f"Cluster {name} has {size} cards and was paid for by the {name} fund."
        for name, size in (("Aurora", 4096), ("Borealis", 1024), ("Corona", 8192))
    ]
    text = "\n\n".join(rows)
    quote = quoted(text, rows[1])
    assert find_quote("\n\n".join([rows[0], rows[2]]), quote) is None


def test_equal_quotes_that_lost_their_surroundings_are_ambiguous():
    text = "First came the chips. It was late.\n\nThen came the models. It was late."
    quote = make_quote(text, text.index("It was"), text.index("It was") + 12)
    assert find_quote("It was late. It was late. It was late.", quote) is None


def test_in_a_text_that_only_repeats_every_place_is_as_good():
    text = "the model is open and " * 300
    quote = make_quote(text, 1000, 1100)
    assert find_quote(text.replace("model", "modem"), quote) is None


def test_a_short_quote_is_not_taken_from_other_surroundings():
    quote = quoted(CHINESE, "许可")
    assert find_quote("这家公司没有获得许可，也没有说明原因。", quote) is None


@pytest.mark.parametrize("text", ["", " \n\n ", "?", "\0" * 50, "𝔸" * 20])
def test_texts_with_nothing_in_them(text: str):
    assert find_quote(text, quoted(ENGLISH, "Two suppliers")) is None


TWICE = f"""The board said that it knew of no delay.

{ENGLISH}

Asked again in the evening, the board said that it knew of no delay. It did not take other questions."""
TWIN = "the board said that it knew of no delay"


def test_of_what_is_said_twice_more_is_kept_around_it():
    quote = make_quote(TWICE, TWICE.rindex(TWIN), TWICE.rindex(TWIN) + len(TWIN))
    assert len(quote.prefix) > 32
    assert passage(f"New.\n\n{TWICE}", quote) == TWIN


def test_of_what_was_said_twice_the_one_that_is_left_is_not_taken_for_the_one_that_is_gone():
    quote = make_quote(TWICE, TWICE.rindex(TWIN), TWICE.rindex(TWIN) + len(TWIN))
    gone = TWICE[: TWICE.index("Asked again")] + "It did not take questions in the evening."
    assert TWIN in gone.lower()
    assert find_quote(gone, quote) is None


def test_another_address_of_the_same_site_is_not_the_one_that_is_gone():
    text = (
        f"{ENGLISH}\n\nhttps://example.org/docs/guides/workload-identity\n\nhttps://example.org/docs/guides/admin-apis"
    )
    quote = quoted(text, "https://example.org/docs/guides/workload-identity")
    assert find_quote(text.replace(quote.exact, "Further reading"), quote) is None


def test_what_was_put_in_beside_the_quote_is_no_part_of_it():
    quote = quoted(
        ENGLISH, "They have ordered racks well into 2027, and their power contracts were signed before prices rose."
    )
    edited = ENGLISH.replace("racks well", "racks, well").replace("prices rose.", "prices rose.\n\n[Image: a rack]")
    assert passage(edited, quote) == quote.exact.replace("racks well", "racks, well")


def test_absent_quotes_are_never_found():
    rng = random.Random(7)
    sources, targets = (ENGLISH, CHINESE), (CHINESE, ENGLISH)
    letters = "the model of chips in data and power 芯片模型数据训练算力公司发布"
    for number in range(200):
        text, other = sources[number % 2], targets[number % 2]
        start = rng.randrange(len(text) - 10)
        quote = make_quote(text + "x", start, min(len(text) + 1, start + rng.choice((6, 20, 80, 300))))
        assert find_quote(other, quote) is None
        assert find_quote("".join(rng.choices(letters, k=600)), quote) is None


# --- with the text that it was made on --------------------------------------------------------------------------------

CARDS = "\n\n".join(
    f"{name} has bought cards again. The price was not given. Its {kind} will have them by {month}."
    for name, kind, month in (
        ("A bank in Oslo", "risk desk", "March"),
        ("The weather service", "forecasters in Exeter", "June"),
        ("A maker of trains", "works near Lyon", "October"),
    )
)
PRICE = "The price was not given."


def traced(before: str, words: str, after: str, *, nth: int = 0) -> tuple[int, str] | None:
    """Where the nth passage of these words is now, and what it says."""
    start = -1
    for _ in range(nth + 1):
        start = before.index(words, start + 1)
    found = find_quote(after, make_quote(before, start, start + len(words)), Edit(before, after))
    return (found.start, after[found.start : found.end]) if found else None


@pytest.mark.parametrize("nth", [0, 1, 2])
def test_of_three_twins_each_is_found_where_its_neighbours_went(nth: int):
    first, second, third = CARDS.split("\n\n")
    edited = "\n\n".join([third.replace("again", "once more"), "A word in between.", first, second])
    at = edited.index(PRICE, edited.index(("A bank", "The weather", "A maker")[nth]))
    assert traced(CARDS, PRICE, edited, nth=nth) == (at, PRICE)


@pytest.mark.parametrize("nth", [0, 1, 2])
def test_a_twin_that_was_taken_out_is_nowhere(nth: int):
    paragraphs = CARDS.split("\n\n")
    del paragraphs[nth]
    assert traced(CARDS, PRICE, "\n\n".join(paragraphs), nth=nth) is None


def test_a_line_between_two_paragraphs_is_still_between_them():
    before = CARDS.replace("\n\n", "\n\n[image]\n\n")
    edited = before.replace("cards", "chips").replace("[image]", "An advertisement.\n\n[image]")
    places = [at for at in range(len(edited)) if edited.startswith("[image]", at)]
    assert [traced(before, "[image]", edited, nth=nth) for nth in (0, 1)] == [(at, "[image]") for at in places]


def test_a_short_line_that_moved_is_found_if_it_is_the_only_one():
    parts = ENGLISH.split("\n\n")
    assert traced("\n\n".join(["In short", *parts]), "In short", "\n\n".join([*reversed(parts), "In short"]))
    # Within other words, it may be anything.
    assert traced("\n\n".join(["In short", *parts]), "In short", f"{ENGLISH}\n\nHe was in short trousers.") is None


def test_words_that_were_elsewhere_before_are_not_the_ones_that_are_gone():
    words = "Two suppliers said they would appeal."
    other = "Two suppliers in Japan said they would appeal, too."
    before = f"{ENGLISH}\n\n{other}"
    assert traced(before, words, before.replace(words, "")) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("down 12% from a year earlier.", "down 12% from last spring."),  # an end was replaced
        ("Revenue from the region", "Sales from the region"),
        ("$4.1 billion in the second quarter, down", "$4.1 billion (a figure that nobody expected), down"),
    ],
)
def test_what_replaced_words_of_the_quote_belongs_to_it(old: str, new: str):
    words = QUOTES[ENGLISH][1]
    found = traced(ENGLISH, words, ENGLISH.replace(old, new))
    assert found is not None
    assert found[1] == words.replace(old, new)


def test_what_stands_where_a_sentence_was_is_no_part_of_the_quote():
    words = "Analysts had expected a higher limit. Two suppliers said they would appeal."
    edited = ENGLISH.replace(
        "Two suppliers said they would appeal.", "Shares of all makers fell in New York on Monday."
    )
    assert traced(ENGLISH, words, edited) == (ENGLISH.index("Analysts"), "Analysts had expected a higher limit.")


def test_the_first_letter_stays_with_its_words_where_another_paragraph_begins_like_them():
    one, two, three = (
        "The price is secret, they said.",
        "Trains are late.",
        "Two buyers have paid for next year in advance.",
    )
    before = "\n\n".join([one, two, three])
    after = "\n\n".join([two, one, three.replace("paid", "payed")])
    assert traced(before, three, after) == (after.index("Two"), three.replace("paid", "payed"))


def test_a_quote_with_words_of_its_own_is_followed_by_its_place():
    words = QUOTES[ENGLISH][1]
    quote = replace(quoted(ENGLISH, words), exact="Revenue there: 4.1bn (Q2), minus 12 percent on the year")
    parts = ENGLISH.split("\n\n")
    edited = "\n\n".join([parts[2], parts[0], parts[1].replace("flat", "level"), parts[3]])
    found = find_quote(edited, quote, Edit(ENGLISH, edited))
    assert found is not None
    assert edited[found.start : found.end] == words


def test_without_the_text_it_was_made_on_the_quote_alone_is_looked_for():
    quote = quoted(ENGLISH, QUOTES[ENGLISH][0])
    found = find_quote(f"New.\n\n{ENGLISH}", quote, Edit("", f"New.\n\n{ENGLISH}"))
    assert found is not None
    assert found.exact


# --- with the text that it was made on: twins, copies, and ends that nobody can tell -----------------------------

REFRAIN = "So remember when we were driving\nThe speed so fast I felt like I was drunk\nCity lights lay out before us"
SONG = (
    "You found a job that paid the bills and never once complained of it",
    REFRAIN,
    "We cruised around the harbour and we entertained ourselves with that",
    REFRAIN,
    "Your friends were at the corner bar, and someone had to stay at home",
)
DRUNK = "The speed so fast I felt like I was drunk"


@pytest.mark.parametrize("nth", [0, 1])
def test_a_line_of_a_refrain_stays_in_its_stanza_as_long_as_both_neighbours_do(nth: int):
    edited = "\n\n".join(["From the album of 1988", *SONG])
    at = edited.index(DRUNK, edited.index(SONG[2]) if nth else 0)
    assert traced("\n\n".join(SONG), DRUNK, edited, nth=nth) == (at, DRUNK)


@pytest.mark.parametrize("nth", [0, 1])
def test_one_neighbour_does_not_tell_which_refrain_is_left(nth: int):
    before, edited = "\n\n".join(SONG), "\n\n".join([SONG[0], REFRAIN, SONG[4]])
    assert traced(before, DRUNK, edited, nth=nth) is None
    # Not even where the words right after it are there once more, in both texts.
    assert traced(before, "before us", "\n\n".join([REFRAIN, SONG[4]]), nth=nth) is None


@pytest.mark.parametrize("nth", [0, 1])
def test_an_image_beside_one_of_its_two_paragraphs_may_be_another_one(nth: int):
    one, two, three, four = [*ENGLISH.split("\n\n")[2:], "Prices are those of last week, before tax and shipping."]
    before = "\n\n".join([one, "[image]", two, three, "[image]", four])
    edited = "\n\n".join([four, "[image]", two, "[image]", three, one])
    assert traced(before, "[image]", edited, nth=nth) is None


@pytest.mark.parametrize("nth", [0, 1])
def test_twins_between_two_paragraphs_that_stayed_are_told_by_their_order(nth: int):
    one, two, *_ = ENGLISH.split("\n\n")[1:]
    line = '127.0.0.1 [17/Feb] "GET / HTTP/1.1" 200'
    before = f"{one}\n\n{line}\n{line}\n\n{two}"
    edited = f"{one}\n\n{line}\n{line}\n\nA correction was made on Tuesday.\n\n{two}"
    at = edited.index(line, edited.index(line) + nth)
    assert traced(before, line, edited, nth=nth) == (at, line)


def test_part_of_a_sentence_is_told_from_its_twin_by_the_rest_of_the_sentence():
    before = f"{ENGLISH}\n\nThe company now expects a loss, and two managers have left."
    edited = "\n\n".join(reversed(before.split("\n\n")))
    words = "The company now expects"
    assert traced(before, words, edited, nth=0) == (edited.index(f"{words} the third"), words)
    assert traced(before, words, edited, nth=1) == (edited.index(f"{words} a loss"), words)


def test_a_line_that_was_another_one_before_is_not_the_one_that_is_gone():
    before = (
        "Sponsors of this week\n\nA shop for sites: build it beautiful. Use code ATP for 10% off your first order.\n"
        "Pings: uptime monitoring made easy. Use code ATP for 20% off.\n\nThat is all for today."
    )
    edited = (
        before.replace(" Use code ATP for 10% off your first order.", "").replace("Pings: ", "").replace("\n\n", " ")
    )
    assert traced(before, "Use code ATP for 10% off", edited) is None


def test_what_leads_back_to_another_passage_is_not_the_one_that_is_gone():
    twin = "Others say that the company will publish Sonnet 4.8 in the middle of June."
    words = f"At the same time, {twin[0].lower()}{twin[1:]}"
    before = f"{ENGLISH}\n\nA name was seen there. {words} Nothing of this is official.\n\n{CHINESE}\n\n{twin}"
    edited = f"A word first.\n\n{twin.replace('Others', 'Othres')}\n\nAnother word.\n\n{ENGLISH}"
    assert traced(before, words, edited) is None


def test_of_an_article_and_its_teaser_the_article_has_the_passage():
    words = "Export rules tighten for the second time this year"
    teaser = f"{words}\n\nThe Commerce Department said on Tue…"
    edited = f"Home | News\n\n{teaser}\n\nShare this\n\n{ENGLISH}\n\nAll rights reserved"
    assert traced(ENGLISH, words, edited) == (edited.rindex(words), words)


def test_the_caption_that_repeats_a_sentence_is_not_taken_for_it():
    first, *rest = ENGLISH.split("\n\n")[1:]
    edited = "\n\n".join(["A headline", first, f"[{first}", *rest])
    words = "The Commerce Department said on Tuesday"
    assert traced("\n\n".join([first, *rest]), words, edited) in (None, (edited.index(words), words))


def test_ends_that_may_be_reworded_or_something_else_are_not_guessed_at():
    words = "power contracts were signed before prices rose."
    edited = ENGLISH.replace("were signed before prices rose", "for which a very large sum is owed by no one at all")
    assert traced(ENGLISH, words, edited) is None


def test_words_in_place_of_others_up_to_the_old_neighbours_are_the_quotes():
    words = "a training run that took three weeks on rented cards"
    text = ENGLISH.replace("A training run", "It seems that a training run")
    edited = text.replace("rented cards", "borrowed ones").replace("Revenue", "Sales")
    found = traced(text, words, edited)
    assert found is not None
    assert found[1] == words.replace("rented cards", "borrowed ones")


def test_a_passage_does_not_go_on_to_where_its_last_words_stand_once_more():
    words = "the box has to be seen with context information, or its class cannot be told (background included)."
    after = "So we can often use what is around it, but not all of that says something, and a few things mislead us. "
    before = f"{ENGLISH}\n\nFirst, {words} {after}Combined with context information, its class can be told. {CHINESE}"
    edited = before.replace("with context information, or its class cannot be told", "by xy", 1)
    found = traced(before, words, edited)
    assert found is None or found[1] == "the box has to be seen by xy (background included)."


def inside(words: Words, passage: str) -> tuple[int, int]:
    wanted = "".join(alike(passage).split())
    start = words.text.index(wanted)
    return start, start + len(wanted)


RACKS = "They have ordered racks well into 2027, and their power contracts were signed before prices rose."


@pytest.mark.parametrize(
    ("instead", "passage", "whole"),
    [
        # What stands for the end of a sentence is its end: a passage without it is cut short.
        (
            "They have ordered racks well into 2027, and nobody knows who is to pay for it all, or in which year.",
            39,
            False,
        ),
        (
            "They have ordered racks well into 2027, and nobody knows who is to pay for it all, or in which year.",
            100,
            True,
        ),
        # Far more than was there may be anything.
        (f"They have ordered racks well into 2027, {CHINESE[:90]}{CHINESE[:90]}", 39, True),
        # Where the last words are left, all up to them is the quote's.
        ("They have ordered racks well into 2027, which nobody had thought possible before prices rose.", 39, False),
        ("They have ordered racks well into 2027, which nobody had thought possible before prices rose.", 93, True),
        (
            "They have ordered racks well into 2027, if all that we hear on the telephone is true and it rose.",
            39,
            False,
        ),
        ("They have ordered racks well into 2027, if all that we hear on the telephone is true and it rose.", 97, True),
        # A single word in place of another, right before the old neighbour.
        ("They have ordered racks well into 2027, and their power contracts were signed before prices fell.", 97, True),
    ],
)
def test_a_passage_has_to_have_most_of_the_quote_whatever_its_ends_became(instead: str, passage: int, whole: bool):
    edit = Edit(ENGLISH, ENGLISH.replace(RACKS, instead))
    span, at = inside(edit.old, RACKS), inside(edit.new, instead[:passage])
    assert is_whole(edit, span, place_at(edit.new, Wanted.of(quoted(ENGLISH, RACKS)), *at)) is whole


def test_what_stands_before_the_old_neighbour_is_the_quotes_even_if_it_is_longer():
    words, instead = "ordered racks well into 2027", "ordered racks as much as they can pay"
    edit = Edit(ENGLISH, ENGLISH.replace(words, instead))
    place = place_at(edit.new, Wanted.of(quoted(ENGLISH, words)), *inside(edit.new, instead))
    assert is_whole(edit, inside(edit.old, words), place)


def test_a_passage_with_a_paragraph_of_the_article_in_it_is_not_the_quote():
    first, price, racks, last = ENGLISH.split("\n\n")[1:]
    edited = "\n\n".join([first, last, price.replace("from a year earlier. ", f"from a year earlier. {racks} ")])
    edit = Edit(ENGLISH, edited)
    place = place_at(edit.new, Wanted.of(quoted(ENGLISH, price)), *inside(edit.new, edited.split("\n\n")[2]))
    assert not is_whole(edit, inside(edit.old, price), place)


def test_a_passage_that_was_something_else_before_is_not_the_whole_quote():
    edited = ENGLISH.replace(" Analysts had expected a higher limit.", "")
    words, passage = (text.split("\n\n")[1] for text in (ENGLISH, edited))
    edit = Edit(ENGLISH, edited)
    span, (start, end) = inside(edit.old, words), inside(edit.new, passage)
    wanted = Wanted.of(quoted(ENGLISH, words))
    assert is_whole(edit, span, place_at(edit.new, wanted, start, end))
    assert not is_whole(edit, span, place_at(edit.new, wanted, start, end + 150))


def test_a_passage_found_by_its_words_leads_back_to_the_quote_and_nothing_else():
    words = "Others say that the company will publish its next model, Sonnet, in the middle of June."
    twin = words.replace("Others say", "A reader says")
    before = f"{ENGLISH}\n\n{words}\n\n{CHINESE}\n\n{twin}"
    slip = twin.replace("publish", "pubilsh")
    edit = Edit(before, f"A word first.\n\n{slip}\n\nAnother word.")
    assert not edit.leads_back(inside(edit.old, words), *inside(edit.new, slip.removeprefix("A reader ")))
    assert edit.leads_back(inside(edit.old, twin), *inside(edit.new, slip))


def test_a_passage_that_says_what_another_one_said_is_its_twin():
    before = f"{ENGLISH}\n\nUse code ATP for 10% off.\n\n{CHINESE}\n\nUse code ATP for 20% off."
    edit = Edit(before, f"Now: Use code ATP for 20% off.\n\n{CHINESE}")
    assert edit.is_twin(inside(edit.old, "Use code ATP for 10% off."), *inside(edit.new, "Use code ATP for 20% off."))


def test_of_twins_the_one_with_no_neighbour_left_is_beside_none():
    before = f"{ENGLISH}\n\n[image]\n\n{CHINESE}\n\n[image]"
    edit = Edit(before, f"A word first.\n\n[image]\n\nAnother word.\n\n{ENGLISH}\n\n[image]\n\nThe end.")
    span, at = inside(edit.old, "[image]"), edit.new.text.rindex("[image]")
    assert edit.is_beside(span, at, at + len("[image]"))
    assert not edit.is_beside(span, *inside(edit.new, "[image]"))


# --- properties ------------------------------------------------------------------------------------------------------

texts = st.text(st.sampled_from("ab c.\n芯片模型，。İß\u3000"), min_size=1, max_size=300)


@given(texts, st.integers(0, 299), st.integers(1, 80))
@settings(max_examples=100, deadline=None)
def test_what_was_quoted_is_found_where_it_was(text: str, start: int, length: int):
    if not text[start : start + length].strip():
        return
    quote = make_quote(text, start, start + length)
    found = find_quote(text, quote)
    assert found is not None
    assert (found.start, found.end) == (quote.start, quote.end)


@given(texts, st.integers(0, 299), st.integers(1, 80), texts)
@settings(max_examples=100, deadline=None)
def test_whatever_is_found_lies_in_the_text(text: str, start: int, length: int, other: str):
    if not text[start : start + length].strip():
        return
    found = find_quote(other, make_quote(text, start, start + length))
    if found:
        assert 0 <= found.start < found.end <= len(other)
        assert found.exact == (other[found.start : found.end] == text[start : start + length].strip())
        assert 0 <= found.score <= 100


@given(texts, texts, texts, st.booleans())
@settings(max_examples=200, deadline=None)
def test_aligned_texts_have_each_character_once(start: str, middle: str, end: str, moved: bool):
    old, new = start + middle + end, (end + start if moved else start + end + middle)
    stretches = align(old, new)
    assert all(old[each.old : each.old_end] == new[each.new : each.new_end] != "" for each in stretches)
    for one, after in pairwise(stretches):
        assert one.old_end <= after.old
    for one, after in pairwise(sorted(stretches, key=lambda each: each.new)):
        assert one.new_end <= after.new


def test_paragraphs_that_changed_places_are_aligned_whole():
    one, two = "".join(ENGLISH.split()), "".join(CHINESE.split())
    assert [(each.old, each.new, each.length) for each in align(one + two, two + one)] == [
        (0, len(two), len(one)),
        (len(one), 0, len(two)),
    ]


# --- cost ------------------------------------------------------------------------------------------------------------


def test_an_unchanged_article_needs_no_fuzzy_matching():
    code = (
        "import sys; from tui_reader.anchor import find_quote, make_quote; text = 'one two three ' * 9 + 'four';"
        "assert find_quote('zero ' + text, make_quote(text, 110, 125)); assert 'rapidfuzz' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
