"""Doc → lines: of each block, whatever may begin a story or belong to one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tui_reader.digest.words import ASIDE, GROUP, LABELS, NOISE, PAID, PAYS, PLEA, SOCIAL
from tui_reader.doc import Block, Doc, Span

_PICTURES = r"\U0001F1E6-\U0001F1FF\U0001F300-\U0001FAFF☀-➿"
_MARKS = (
    ("number", re.compile(r"(?:#|No\.\s*|第)?\d{1,2}(?:[.、．:：]|\s*[/|｜]|条)(?!\d)\s*")),
    ("closed number", re.compile(r"[(（]?\d{1,2}[)）]\s*")),
    ("circled", re.compile(r"(?:[①-⑳❶-❿➀-➓]|\d️?⃣)\s*")),
    ("hanzi", re.compile(r"[（(]?[一二三四五六七八九十]{1,3}(?:[、.．:：]|[）)])\s*")),
    ("bracket", re.compile(r"[【〖［](?=[^】〗］]{2,60}[】〗］])")),
    ("bullet", re.compile(r"[•‣⁃■-▱▶-◿★☆▎▍▌⬛🔹🔸🔻♦👉→➔➜➤⇒»›]\s*|[-–·*]\s+")),
    ("emoji", re.compile(rf"[{_PICTURES}⬀-⯿]️?(?:‍?[{_PICTURES}]️?)*\s*")),
)
NUMBERS = frozenset({"number", "closed number", "circled", "hanzi", "counted"})

_COUNTED = re.compile(r"0?(?:(\d{1,2})|([A-Z])[.)、])\s+(?=\D)")
"""A number without a sign after it, or a letter with one: a mark only where the next ones follow."""

_LONE = re.compile(r"\W*(?:No|Part|Item|Story|Nr)?[\W_]*\d{1,2}[\W_]*|[一二三四五六七八九十]{1,2}", re.IGNORECASE)
"""A number on a line of its own, above the title it belongs to."""

_IMAGE = re.compile(r"\[[^\[\]]*\]")

_LETTER = re.compile(r"[^\W_]")
_BRACKET = re.compile(r"[】〗］]\s*")
_LONGEST_TITLE = 140
_SHORTEST_TITLE = 4
"""Characters in brackets that only name a kind of news, such as 【科技】."""

_IN_BOTH = re.compile(
    r"(?:([A-Za-z][A-Za-z &]{2,30}))[ /|·｜]*([㐀-鿿]{2,8})|([㐀-鿿]{2,8})[ /|·｜]*([A-Za-z][A-Za-z &]{2,30})"
)
"""A name in English and Chinese."""

_WIDE = re.compile(r"[^\W\u0000-\u33ff]")

_LONGEST_GROUP = 60
"""Characters above which no text is looked at for the name of a group."""

_PLEA = 240
"""Characters below which a line that asks for something says nothing else."""


@dataclass(frozen=True, slots=True)
class Line:
    block: Block
    text: str
    mark: str = ""
    """The kind of number or sign that it begins with; "" if none."""
    name: str = ""
    """What a story that begins here may be called: a heading, a line in bold, a bold or linked lead-in."""
    begins: str = ""
    """How: `heading`, `bold` (all of the line), `lead`, `link`; "" if it does not."""
    links: tuple[str, ...] = ()
    """Addresses of web pages, but for those of social networks and subscriptions."""
    linked: str = ""
    """What of its text is links."""
    start: int = 0
    """Where its words begin, after its mark: an offset in the text of the Doc."""

    @property
    def is_rule(self) -> bool:
        """Whether it parts what stands around it: a rule, ***, or a number alone."""
        return not _LETTER.search(self.text) or (len(self.text) < 12 and bool(_LONE.fullmatch(self.text)))


def read_lines(doc: Doc) -> tuple[Line, ...]:
    spans = list(doc.spans)
    counted = _counted(doc)
    lines = []
    first = 0
    for block in doc.blocks:
        while first < len(spans) and spans[first].start < block.start:
            first += 1
        last = first
        while last < len(spans) and spans[last].start < block.end:
            last += 1
        lines.append(_line(doc.text, block, spans[first:last], counted.get(block.start, 0)))
    return tuple(_with_cards(lines))


def _with_cards(lines: Iterable[Line]) -> Iterator[Line]:
    """One link over several lines is a card: the first that is no image is its title, and the next ones its text."""
    card = tuple[str, ...]()
    for line in lines:
        whole = line.begins == "link" and not unlinked(line)
        if whole and (line.links == card or _IMAGE.fullmatch(line.text)):
            yield replace(line, name="", begins="", linked="")
        else:
            card = line.links if whole else ()
            yield line


def _counted(doc: Doc) -> dict[int, int]:
    """Where blocks begin with 1, 2, 3 or A, B, C and so on → the length of that number."""
    found = dict[int, int]()
    runs: dict[bool, dict[int, int]] = {True: {}, False: {}}
    for block in doc.blocks:
        number = _COUNTED.match(doc.text, block.start, block.end)
        if not number:
            continue
        place, run = int(number[1] or ord(number[2]) - ord("@")), runs[bool(number[1])]
        if place in (1, len(run) + 1):
            run = run if place > 1 else {}
            run[block.start] = number.end() - block.start
            runs[bool(number[1])] = run
            found |= run if len(run) > 2 else {}
    return found


def _line(text: str, block: Block, spans: list[Span], counted: int) -> Line:
    words = text[block.start : block.end]
    linked = [s for s in spans if s.kind == "link"]
    links = tuple(dict.fromkeys(s.href for s in linked if s.href and not SOCIAL.search(s.href)))
    mark, start = ("counted", counted) if counted else _mark(block, words)
    name, begins = _beginning(text, block, spans, block.start + start)
    if mark == "bracket" and begins == "lead" and len(name) <= _SHORTEST_TITLE:
        start += len(name) + 1
        name = begins = ""
    if block.kind == "paragraph" and not begins and names_a_group(text[block.start + start : block.end]):
        name, begins = text[block.start + start : block.end], "bold"
    if begins != "heading" and LABELS.fullmatch(name) and not (begins == "bold" and names_a_group(name)):
        name = begins = ""
    return Line(
        block, words, mark, name, begins, links, "".join(text[s.start : s.end] for s in linked), block.start + start
    )


def _mark(block: Block, words: str) -> tuple[str, int]:
    """→ its kind, of a bullet the very sign, and where the words after it begin."""
    for kind, pattern in _MARKS:
        found = pattern.match(words)
        if found:
            return found.group().strip() if kind == "bullet" else kind, found.end()
    return ("number" if block.marker[:-1].isdigit() else ""), 0


def _beginning(text: str, block: Block, spans: list[Span], start: int) -> tuple[str, str]:
    if block.kind == "heading":
        return text[start : block.end].strip(" 】〗］"), "heading"
    if block.kind in ("code", "table", "rule"):
        return "", ""
    for kind, begins in (("strong", "lead"), ("link", "link")):
        # A mark may stand before the bold words or within them.
        span = next((s for s in spans if s.kind == kind and s.start <= start < s.end), None)
        if span is not None:
            name = text[start : span.end]
            whole = not _LETTER.search(text[span.end : block.end]) and len(name) <= _LONGEST_TITLE
            return name.strip(" 】〗］"), "bold" if whole and kind == "strong" else begins
    if text[start - 1 : start] in tuple("【〖［"):
        end = _BRACKET.search(text, start, block.end)
        if end:
            return text[start : end.start()], "bold" if end.end() == block.end else "lead"
    return "", ""


def names_a_section(line: Line) -> bool:
    """Whether a heading, whatever its level, stands beside the stories and not within one."""
    name = line.name
    return bool(is_noise(name) or ASIDE.match(name) or names_a_group(name))


def names_a_group(name: str, *, words: re.Pattern[str] = GROUP) -> bool:
    """Whether it says in general what stands below it; of two languages, one is enough ("Shorts 短讯")."""
    if len(name) > _LONGEST_GROUP:
        return False
    both = _IN_BOTH.fullmatch(bare(name))
    return any(words.fullmatch(bare(each)) for each in (name, *(both.groups("") if both else ())))


def bare(name: str) -> str:
    """Without what numbers and adorns it."""
    return name.strip(" :：.。!！【】[]()（）#*·—-")


def weight(text: str) -> int:
    """Letters; a Chinese character says as much as two and a half."""
    letters = sum(map(str.isalnum, text))
    return letters if text.isascii() else (2 * letters + 3 * len(_WIDE.findall(text))) // 2


def plain(text: str) -> str:
    """Letters alone, for comparing names."""
    return "".join(filter(str.isalnum, text.casefold()))


def unlinked(line: Line) -> int:
    """The `weight` of what is no link in it."""
    return weight(line.text) - weight(line.linked)


def is_furniture(line: Line) -> bool:
    """Whether it is a sponsor's, a footer or the like, and no long text that only begins so."""
    if is_noise(line.name or line.text):
        return len(line.text) < 600
    return is_plea(line.text)


def is_paid(line: Line) -> bool:
    """Whether it is furniture that somebody pays for."""
    return is_furniture(line) and bool(PAYS.search(line.name or line.text))


def is_noise(name: str) -> bool:
    """Whether what bears the name is furniture, however long."""
    return bool(NOISE.match(name) or PAID.search(name))


def is_plea(text: str) -> bool:
    """Whether it is short and wants something of the reader."""
    return len(text) < _PLEA and bool(PLEA.search(text))
