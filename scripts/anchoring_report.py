"""Prints how well highlights are found again in edited articles, by kind of edit.

    python scripts/anchoring_report.py FOLDER [--highlights 1000] [--seed 7] [--only KIND…] [--errors]

FOLDER has `feeds/` (RSS, Atom, JSON Feed) and `pages/` (`NAME.source.html`, a whole page, with `NAME.expected.html`,
the article in it). Every kind of edit is tried on as many highlights, made at random places of these articles. Where
the passage really is, is known from the edit: each character remembers where it came from.

Found right: of the passage found and a true one, 70 % is common to both. Put elsewhere: nothing is. There are several
true ones where the edit copied the passage, as a teaser does. The edits to traditional characters need
`opencc-python-reimplemented`, and are left out without it.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tui_reader.anchor import Edit as Rewriting
from tui_reader.anchor import find_quote, make_quote
from tui_reader.clean import clean_html
from tui_reader.doc import build_doc, sentences
from tui_reader.errors import ParseError
from tui_reader.extract import extract
from tui_reader.ingest import read_page
from tui_reader.model import Page, Quote

_LEAST, _MOST = 500, 60_000
"""Characters of an article: shorter ones have no paragraphs to move, longer ones take long."""
_KEPT = 0.7
"""Where as much of a quote survives, it should be found."""
_RIGHT = 0.7
_COLUMNS = {
    "tried": 6, "right": 7, "wrong": 7, "lost": 7, "less tried": 13, "less right": 7, "less wrong": 7, "less lost": 7
}  # fmt: skip
"""What is counted, and how wide its column is."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A text, and for each character its place in the text before the edit; -1 if it is new.

    Characters that stand for others have -2 minus their place: whoever found the passage may count them in or not.
    """

    text: str
    origins: Sequence[int]

    def __getitem__(self, part: slice) -> Edited:
        return Edited(self.text[part], self.origins[part])


Edit = Callable[[str, random.Random, "Corpus"], Edited]


@dataclass(frozen=True, slots=True)
class Corpus:
    texts: Sequence[str]
    """The articles of the feeds, and the articles of the pages as people cut them out."""
    extracted: dict[str, str]
    """Of the pages: what our extraction makes of them."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--highlights", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", nargs="+", metavar="KIND", default=[])
    parser.add_argument("--errors", action="store_true", help="show what was found wrong, or not found")
    parser.add_argument("--alone", action="store_true", help="by the quote alone, without the text it was made on")
    options = parser.parse_args()
    if not options.folder.is_dir():
        print(f"{options.folder} is not here: nothing measured")
        return 0
    corpus = read_corpus(options.folder)
    characters = sum(map(len, corpus.texts))
    print(f"{len(corpus.texts)} articles, {characters:,} characters; {len(corpus.extracted)} of them extracted")
    print(f"{'':<24}{'70 % or more is kept':>27}{'less is kept, or nothing':>34}")
    print(
        f"{'edit':<24}" + "".join(f"{key.removeprefix('less '):>{width}}" for key, width in _COLUMNS.items()) + "  ms"
    )
    total = Counter[str]()
    for name, edit in _edits().items():
        if not options.only or name in options.only:
            total += report(name, edit, corpus, options)
    print(_line("all", total))
    share = 100 * total["right"] / max(1, total["tried"])
    print(
        f"right {share:.2f} % of those that are kept, wrong {total['wrong']}; {total['elsewhere']} of all put elsewhere"
    )
    return 0


def report(name: str, edit: Edit, corpus: Corpus, options: argparse.Namespace) -> Counter[str]:
    chance = random.Random(f"{options.seed} {name}")
    texts = [text for text in corpus.texts if text in corpus.extracted] if name == "extracted" else corpus.texts
    if name.startswith("traditional"):
        texts = [text for text in texts if len(re.findall("[一-鿿]", text)) > len(text) / 4]
    counts, spent = Counter[str](), 0.0
    for _ in range(options.highlights):
        before = chance.choice(texts)
        quote = make_quote(before, *_passage(before, chance))
        after = edit(before, chance, corpus)
        started = time.process_time()
        found = find_quote(after.text, quote, None if options.alone else Rewriting(before, after.text))
        spent += time.process_time() - started
        kept, truths = _truth(after, quote)
        if name == "extracted":
            truths += _same_words(before, after.text, quote.exact)
        less = "" if kept >= _KEPT else "less "
        counts[f"{less}tried"] += 1
        if found is None:
            verdict = "lost"
        else:
            span = (found.start, found.end)
            near = max((_common(after.text, span, truth) for truth in truths), default=0.0)
            verdict = "right" if near >= _RIGHT or _is_what_is_left(after, quote, span) else "wrong"
            counts["elsewhere"] += verdict == "wrong" and not near
        counts[less + verdict] += 1
        if options.errors and (verdict == "wrong" or (verdict == "lost" and not less)):
            truth = truths[0] if truths else (0, 0)
            _show(verdict, kept, quote, after.text, truth, (found.start, found.end) if found else None)
    counts["us"] = round(spent * 1e6)
    print(_line(name, counts), flush=True)
    return counts


def _line(name: str, counts: Counter[str]) -> str:
    columns = "".join(f"{counts[key]:>{width}}" for key, width in _COLUMNS.items())
    each = counts["us"] / 1000 / max(1, counts["tried"] + counts["less tried"])
    return f"{name:<24}{columns}  {each:.1f}"


def _show(
    verdict: str, kept: float, quote: Quote, text: str, truth: tuple[int, int], found: tuple[int, int] | None
) -> None:
    print(f"  {verdict}, {kept:.0%} kept\n    quote  {quote.exact[:300]!r}\n    truth  {text[slice(*truth)][:300]!r}")
    if found:
        print(f"    found  {text[slice(*found)][:300]!r}")


# --- where it is -----------------------------------------------------------------------------------------------------


def _truth(after: Edited, quote: Quote) -> tuple[float, list[tuple[int, int]]]:
    """How much of the quote is still together; and where that is, the fullest place first."""
    places = [at for at, origin in enumerate(after.origins) if quote.start <= origin < quote.end]
    places = [at for at in places if not after.text[at].isspace()]
    length = sum(not char.isspace() for char in quote.exact)
    clusters: list[list[int]] = []
    for at in places:
        last = clusters[-1][-1] if clusters else -1
        if clusters and at - last <= max(60, len(quote.exact) // 2) and after.origins[at] > after.origins[last] - 20:
            clusters[-1].append(at)
        else:
            clusters.append([at])
    if not clusters:
        return 0.0, []
    clusters.sort(key=len, reverse=True)
    copies = [each for each in clusters if each is clusters[0] or len(each) >= _KEPT * length]
    # Torn apart by what was put in, all of it is as true as the fullest part.
    spans = [(each[0], each[-1] + 1) for each in copies] + [(places[0], places[-1] + 1)]
    spans += [_widened(after, quote, *span) for span in spans]
    return min(1.0, len(clusters[0]) / length), spans


def _same_words(before: str, after: str, words: str) -> list[tuple[int, int]]:
    """Where the words are, if they are there once in both texts: whatever a comparison of both came to."""
    places = [list(re.finditer(re.escape(words), text, re.IGNORECASE)) for text in (before, after)]
    return [places[1][0].span()] if [len(found) for found in places] == [1, 1] else []


def _is_what_is_left(after: Edited, quote: Quote, span: tuple[int, int]) -> bool:
    """Whether the passage is most of the quote's own characters that are left, and little else.

    What was put in between two sentences of the quote makes its place longer, and is no part of it; and a teaser may
    have some of its characters once more.
    """
    here = [after.origins[at] for at in range(*span) if not after.text[at].isspace()]
    own = {at for at in after.origins if quote.start <= at < quote.end}
    own = {at for at in own if not quote.exact[at - quote.start].isspace()}
    return len(own.intersection(here)) >= _RIGHT * len(own.union(here)) and sum(at in own for at in here) == len(
        set(here) & own
    )


def _widened(after: Edited, quote: Quote, start: int, end: int) -> tuple[int, int]:
    """With what stands beside it for words of the quote."""

    def is_part(at: int) -> bool:
        return after.text[at].isspace() or quote.start <= -2 - after.origins[at] < quote.end

    while start > 0 and is_part(start - 1):
        start -= 1
    while end < len(after.text) and is_part(end):
        end += 1
    words = after.text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def _common(text: str, one: tuple[int, int], other: tuple[int, int]) -> float:
    """Which part of both is common to them, white space aside, as of a quote that is kept."""

    def letters(start: int, end: int) -> int:
        return len("".join(text[start:end].split()))

    shared = letters(max(one[0], other[0]), min(one[1], other[1]))
    return shared / max(1, letters(*one) + letters(*other) - shared)


def _passage(text: str, chance: random.Random) -> tuple[int, int]:
    """A sentence mostly; a few words, several sentences, a paragraph at times."""
    while True:
        paragraphs = [found.span() for found in re.finditer(r"[^\n]+", text)]
        start, end = chance.choices(paragraphs, [end - start for start, end in paragraphs])[0]
        spans = sentences(text, start, end)
        if not spans:
            continue
        first = chance.randrange(len(spans))
        kind = chance.random()
        if kind < 0.6:
            start, end = spans[first]
        elif kind < 0.75:
            start, end = spans[first][0], spans[min(len(spans) - 1, first + chance.randint(1, 3))][1]
        elif kind < 0.9:
            start, end = spans[first]
            start += chance.randrange(max(1, (end - start) // 2))
            end = min(end, start + chance.randint(6, 60))
        if len(text[start:end].strip()) >= 4:
            return start, end


# --- edits -----------------------------------------------------------------------------------------------------------


def _edits() -> dict[str, Edit]:
    edits: dict[str, Edit] = {
        "none": lambda text, _, __: _whole(text),
        "typos 1 %": lambda text, chance, _: _typos(_whole(text), chance, 0.01),
        "typos 5 %": lambda text, chance, _: _typos(_whole(text), chance, 0.05),
        "words 10 %": lambda text, chance, _: _words(_whole(text), chance, 0.1),
        "paragraphs in": lambda text, chance, corpus: _inserted(_whole(text), text, chance, corpus),
        "paragraphs out": lambda text, chance, _: _removed(_whole(text), chance),
        "paragraphs reordered": lambda text, chance, _: _reordered(_whole(text), chance),
        "sentences in and out": lambda text, chance, corpus: _sentences(_whole(text), chance, corpus),
        "another cleaner": lambda text, chance, _: _cleaned(_whole(text), chance),
        "feed → page": _feed_to_page,
        "page → feed": lambda text, chance, corpus: _cut(_cleaned(_whole(text), chance), chance),
        "extracted": lambda text, _, corpus: _aligned(text, corpus.extracted[text]),
        "all at once": _all_at_once,
    }
    try:
        from opencc import OpenCC  # type: ignore[import-not-found]
    except ImportError:
        return edits
    for name, way in (("traditional", "s2t"), ("traditional, Taiwan", "s2twp"), ("traditional → simpl.", "t2s")):
        convert = OpenCC(way).convert
        edits[name] = lambda text, chance, _, convert=convert: _typos(_converted(text, convert), chance, 0.01)
    return edits


def _whole(text: str) -> Edited:
    return Edited(text, range(len(text)))


def _join(parts: Sequence[Edited | str]) -> Edited:
    texts, origins = [], list[int]()
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            origins += [-1] * len(part)
        else:
            texts.append(part.text)
            origins += part.origins
    return Edited("".join(texts), origins)


def _typos(edited: Edited, chance: random.Random, rate: float) -> Edited:
    """Letters left out, doubled, changed places, or taken from elsewhere."""
    parts: list[Edited | str] = []
    at = 0
    while at < len(edited.text):
        here = edited[at : at + 1]
        if here.text.isspace() or chance.random() >= rate:
            parts.append(here)
        else:
            kind = chance.randrange(4)
            if kind == 0 and at + 1 < len(edited.text):
                parts += [edited[at + 1 : at + 2], here]
                at += 1
            elif kind == 1:
                parts += [here, _instead(here, here.text)]
            elif kind == 2:
                parts.append(_instead(here, chance.choice(edited.text).strip() or "x"))
        at += 1
    return _join(parts)


def _words(edited: Edited, chance: random.Random, rate: float) -> Edited:
    """Words replaced by others of the text; in Chinese two characters at a time."""
    # A run of a script without spaces is a sentence: put in elsewhere, it would be a second place of what it says.
    words = re.findall(r"[a-zA-Z']{3,}|[一-鿿]{2}|(?<!\w)\w{1,12}(?!\w)", edited.text) or ["x"]
    parts: list[Edited | str] = []
    end = 0
    for found in re.finditer(r"[a-zA-Z']+|[一-鿿]{2}|\w+", edited.text):
        if chance.random() < rate:
            parts += [edited[end : found.start()], _instead(edited[slice(*found.span())], chance.choice(words))]
            end = found.end()
    return _join([*parts, edited[end:]])


def _instead(edited: Edited, other: str) -> Edited:
    """The first and the last character stand for the first and the last one, those between for what lies between."""
    scale = (len(edited.text) - 1) / max(1, len(other) - 1)
    origins = [edited.origins[round(at * scale)] for at in range(len(other))]
    return Edited(other, [-2 - origin if origin >= 0 else origin for origin in origins])


def _paragraphs(edited: Edited) -> list[Edited]:
    return [edited[slice(*found.span())] for found in re.finditer(r"[^\n]+(?:\n(?!\n)[^\n]+)*", edited.text)]


def _lined(paragraphs: Sequence[Edited | str]) -> Edited:
    parts: list[Edited | str] = []
    for paragraph in paragraphs:
        parts += [paragraph, "\n\n"]
    return _join(parts[:-1])


def _inserted(edited: Edited, original: str, chance: random.Random, corpus: Corpus) -> Edited:
    """Paragraphs of other articles between its own."""
    found: list[Edited | str] = []
    for paragraph in _paragraphs(edited):
        while chance.random() < 0.4:
            found.append(_foreign(chance.choice(chance.choice(corpus.texts).split("\n\n")), original))
        found.append(paragraph)
    return _lined(found)


def _foreign(put_in: str, original: str) -> str:
    """What is put in says nothing that the article says: else nobody could tell the two."""
    words, known = "".join(put_in.split()), "".join(original.split())
    pieces = [words[at : at + 12] for at in range(max(1, len(words) - 11))]
    return put_in if sum(piece in known for piece in pieces) <= len(pieces) / 5 else "(advertisement)"


def _removed(edited: Edited, chance: random.Random) -> Edited:
    kept = [paragraph for paragraph in _paragraphs(edited) if chance.random() > 0.35]
    return _lined(kept or ["(withdrawn)"])


def _reordered(edited: Edited, chance: random.Random) -> Edited:
    paragraphs = _paragraphs(edited)
    chance.shuffle(paragraphs)
    return _lined(paragraphs)


def _sentences(edited: Edited, chance: random.Random, corpus: Corpus) -> Edited:
    """Some left out, some put in from other articles."""
    parts: list[Edited | str] = []
    end = 0
    for start, stop in sentences(edited.text, 0, len(edited.text)):
        parts.append(edited[end:start])
        if chance.random() < 0.15:
            other = chance.choice(corpus.texts)
            put_in = other[slice(*chance.choice(sentences(other, 0, min(len(other), 3000))))]
            parts.append(_foreign(put_in, edited.text) + " ")
        if chance.random() > 0.15:
            parts.append(edited[start:stop])
        end = stop
    return _join([*parts, edited[end:]])


_OTHERWISE = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "–", "…": "...", "，": ",", "：": ":"})


def _cleaned(edited: Edited, chance: random.Random) -> Edited:
    """Other quotes, dashes and spaces; blocks joined or parted; bullets and alt texts that were not there."""
    parts: list[Edited | str] = []
    for paragraph in _paragraphs(edited):
        for at, char in enumerate(paragraph.text):
            other = char.translate(_OTHERWISE)
            here = paragraph[at : at + 1]
            parts.append(Edited(other, here.origins) if len(other) == 1 else _instead(here, other))
        parts.append(chance.choice(["\n\n", "\n\n", "\n", " ", "\n\n• ", "\n\n[Image: photo]\n\n"]))
    return _join(parts)


def _feed_to_page(text: str, chance: random.Random, corpus: Corpus) -> Edited:
    """The same article among what pages have around it: menus, teasers, other articles' beginnings, its own teaser."""
    article = _cleaned(_whole(text), chance)
    others = [_foreign(chance.choice(corpus.texts)[:200], text) for _ in range(4)]
    own = _join([_whole(text)[: chance.randint(60, 160)], "…"])
    return _lined(["Home | News | About", own, "Share this", article, "Read next", *others, "© All rights reserved"])


def _cut(edited: Edited, chance: random.Random) -> Edited:
    return _join([edited[: chance.randint(len(edited.text) // 3, len(edited.text))], "… Read more"])


def _all_at_once(text: str, chance: random.Random, corpus: Corpus) -> Edited:
    edited = _typos(_whole(text), chance, 0.02)
    return _reordered(_inserted(_removed(_cleaned(edited, chance), chance), text, chance, corpus), chance)


def _converted(text: str, convert: Callable[[str], str]) -> Edited:
    """Clause by clause, because words may get longer or shorter."""
    parts: list[Edited | str] = []
    for found in re.finditer(r"[^，。、；：！？\n]*[，。、；：！？\n]*", text):
        other = convert(found.group())
        scale = len(found.group()) / max(1, len(other))
        parts.append(Edited(other, [found.start() + int(at * scale) for at in range(len(other))]))
    return _join(parts)


def _aligned(before: str, after: str) -> Edited:
    """Two versions of one article: what they have in common in stretches of some length."""
    from rapidfuzz.distance import Indel

    origins = [-1] * len(after)
    for edit in Indel.opcodes(before, after):
        if edit.tag == "equal" and edit.src_end - edit.src_start >= 4:
            origins[edit.dest_start : edit.dest_end] = range(edit.src_start, edit.src_end)
    return Edited(after, origins)


# --- the articles ----------------------------------------------------------------------------------------------------


def read_corpus(folder: Path) -> Corpus:
    pages = dict(_pages(folder / "pages"))
    texts = dict.fromkeys((*pages, *(text for text in _feeds(folder / "feeds") if _LEAST <= len(text) <= _MOST)))
    return Corpus(tuple(texts), {text: other for text, other in pages.items() if max(len(text), len(other)) < 25_000})


def _feeds(folder: Path) -> Iterator[str]:
    now = datetime.now(UTC)
    for path in sorted(folder.iterdir()):
        page = Page(f"https://example.org/{path.name}", path.read_bytes(), "", None, None)
        try:
            entries = read_page(page, now=now).entries
        except ParseError:
            continue
        # Not too many of one feed: it has one way of writing.
        yield from [entry.text for entry in entries if len(entry.text) >= _LEAST][:12]


def _pages(folder: Path) -> Iterator[tuple[str, str]]:
    """The article of a page as a person cut it out, and as we extract it."""
    for path in sorted(folder.glob("*.source.html")):
        expected = path.with_name(path.name.replace(".source.", ".expected.")).read_text(encoding="utf-8")
        try:
            extracted = extract(path.read_bytes(), url="https://example.org/").html
        except ParseError:
            continue
        text, other = (build_doc(clean_html(html, base="https://example.org/")).text for html in (expected, extracted))
        if _LEAST <= len(text) <= _MOST:
            yield text, other


if __name__ == "__main__":
    sys.exit(main())
