"""Which characters a text may hold, and how they are written."""

from __future__ import annotations

import re
import unicodedata


def without_controls(text: str) -> str:
    """The text without what could steer a terminal or hide in it: C0 (but tab and line feed), DEL, C1, bidi overrides
    and isolates, interlinear marks, noncharacters, lone surrogates, soft hyphens and zero-width spaces.

    Every line end becomes "\\n". Joiners, direction marks and emoji tags stay: Arabic, Indic scripts and emoji need
    them.
    """
    # Most text is found to need nothing by the quickest look there is; of what must go, only U+034F is printable.
    if text.replace("\n", "").isprintable() and "\u034f" not in text:
        return text
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text))


def normal_form(text: str) -> str:
    """NFC, with at most 8 combining marks on a character: a tower of them would draw over other lines."""
    return _TOWER.sub(r"\1", unicodedata.normalize("NFC", text))


def is_cjk(character: str) -> bool:
    """Whether it is written without spaces: Han, kana, and their punctuation; not Hangul."""
    return any(first <= character <= last for first, last in _CJK)


def joins(before: str, after: str) -> bool:
    """Whether a line end in the source between these two is no space: one is CJK, the other too or a quote or dash."""
    return (is_cjk(before) and (is_cjk(after) or after in "“‘…—")) or (is_cjk(after) and before in "”’…—")


def join_lines(text: str) -> str:
    """Without the white space around those line ends: no one wrote it to be read."""
    return _BREAK_IN_WIDE.sub(_joint, text)


def _joint(space: re.Match[str]) -> str:
    return "" if joins(space.string[space.start() - 1], space.string[space.end()]) else space[0]


_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb"
    f"\ud800-\udfff{_NONCHARACTERS}]"
)
_MARK = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0e31-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f]"
)
_TOWER = re.compile(f"({_MARK}{{8}}){_MARK}+")
_CJK = (
    ("\u4e00", "\u9fff"),
    ("\uff01", "\uff60"),
    ("\u2e80", "\u312f"),
    ("\u3190", "\u4dbf"),
    ("\uf900", "\ufaff"),
    ("\ufe30", "\ufe4f"),
    ("\uffe0", "\uffe6"),
    ("\U00020000", "\U0003ffff"),
)
_BREAK_IN_WIDE = re.compile(r"(?<=[^\x00-\u2013])[^\S\n]*+\n\s*+(?=[^\x00-\u2013])")
