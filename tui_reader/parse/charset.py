"""Bytes → text, for feeds that do not say, or do not know, what they are written in."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 before UTF-16, whose mark it begins with."""

_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
"""What a declared charset means in practice, as the Encoding standard has it: publishers name the small one and write
the large one."""

_FALLBACK_OF = {"big5hkscs": "cp950"}
_UNSAFE = frozenset({"utf-7", "idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})
_WINDOWS = (
    "\x00-\xff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201a\u201c-\u201e"
    "\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
)
_BEYOND_WINDOWS = re.compile(f"[^{_WINDOWS}]")
_UNDEFINED = re.compile("([\x81\x8d\x8f\x90\x9d]+)")
"""What Windows-1252 has no characters for: these bytes then stand for themselves."""
_SEVEN_BIT = ("iso2022", "hz")
_TOLERATED = 0.02
"""The share of damaged characters that a declared charset may leave: cut-off summaries break a character each."""

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:\-]{1,40})[\"']")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:\-]{1,40})", re.IGNORECASE)
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_TELLING = re.compile(rb"[\x80-\xff][^\n<>]*")
_UTF8_TRIPLE = re.compile(rb"(?<![\x80-\xff])(?:[\xe0-\xef][\x80-\xbf]{2})")
_HTTP = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:\-]{1,40})", re.IGNORECASE)


def to_text(body: bytes, content_type: str = "") -> str:
    """The text of a document, by the best evidence there is; bytes that mean nothing become U+FFFD.

    A byte order mark decides, then what only UTF-8 looks like, then what HTTP and the document say, as long as the
    bytes agree; then what the bytes look like. What was taken for Latin and encoded once too often is set right.
    """
    return _undoubled(_decoded(body, content_type))


def _decoded(body: bytes, content_type: str) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    wide = _wide(body)
    if wide:
        return body.decode(wide, "replace")
    declared = _declared(body, content_type)
    if body.isascii():
        return _seven_bit(body, declared)
    # Before what is declared: text in another charset practically never looks like UTF-8, while UTF-8 that is
    # declared as something else is common.
    return _strict(body, "utf-8") or _damaged_utf8(body) or _first_fitting(body, declared) or _guessed(body)


def _wide(body: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: a document begins with "<" or "{" and something else from ASCII."""
    if body[:64].lstrip(b" \t\r\n\0")[:1] not in (b"<", b"{"):
        return ""
    pattern = "".join("0" if byte == 0 else "x" for byte in body[:4])
    return {"x000": "utf-32-le", "000x": "utf-32-be", "x0x0": "utf-16-le", "0x0x": "utf-16-be"}.get(pattern, "")


def _declared(body: bytes, content_type: str) -> list[str]:
    """The codecs that HTTP and the document name, HTTP first (RFC 7303, 3.2), but those last to which all bytes fit:
    servers add a default of ISO-8859-1 to everything."""
    names = [found[1] for found in (_HTTP.search(content_type),) if found]
    for pattern in (_DECLARED, _META):
        found = pattern.search(body[:2048])
        if found:
            names.append(found[1].decode("ascii"))
    known = [codec for name in names if (codec := _codec(name))]
    return sorted(dict.fromkeys(known), key=_is_single_byte)


def _codec(name: str) -> str:
    """The superset's codec; "" for a charset that is unknown, or that Python has for other purposes."""
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)
    except (LookupError, UnicodeError, ValueError):
        return ""
    if codec.name in _UNSAFE or not getattr(codec, "_is_text_encoding", True):
        return ""
    return _SUPERSETS.get(codec.name, codec.name)


def _is_single_byte(codec: str) -> bool:
    return codec.startswith(("cp125", "cp874", "iso8859", "koi8", "mac"))


def _seven_bit(body: bytes, declared: list[str]) -> str:
    """ASCII, unless one of the charsets that are written in ASCII bytes is declared."""
    for codec in declared:
        if codec.startswith(_SEVEN_BIT):
            return body.decode(codec, "replace")
    return body.decode("ascii")


def _strict(body: bytes, codec: str) -> str:
    try:
        return body.decode(codec)
    except UnicodeError:
        return ""


def _damaged_utf8(body: bytes) -> str:
    """UTF-8 with some bytes lost. In other charsets sequences of three bytes come about once in a hundred characters,
    and nearly all else is damage."""
    whole = len(_UTF8_TRIPLE.findall(body))
    if not whole:
        return ""
    text = body.decode("utf-8", "replace")
    return text if text.count("\ufffd") <= 4 * whole else ""


def _first_fitting(body: bytes, declared: list[str]) -> str:
    declared = [codec for codec in declared if codec != "cp1252" or _looks_western(body)]
    for codec in declared:
        text = _strict(body, codec) or _strict(body, _FALLBACK_OF.get(codec, codec))
        if text:
            return text
    for codec in declared:
        text = body.decode(codec, "replace")
        if text.count("\ufffd") <= _TOLERATED * sum(not character.isascii() for character in text):
            return text
    return ""


def _looks_western(body: bytes) -> bool:
    """Whether most letters beyond ASCII stand alone or in pairs, as accents do; in Chinese, Russian or Greek they make
    whole words. Everything fits Latin-1, so that it is declared by mistake more than any other charset."""
    runs = [len(run) for run in _BEYOND_ASCII.findall(body[: 2**19])]
    return 2 * sum(length for length in runs if length >= 4) < sum(runs)


def _guessed(body: bytes) -> str:
    """By statistics on a sample: on all of a large body they would take seconds."""
    import chardet

    guess = chardet.detect(_telling(body))["encoding"]
    codec = _codec(guess) if guess else ""
    text = body.decode(codec or "cp1252", "replace")
    lenient = body.decode("utf-8", "replace")
    return lenient if lenient.count("\ufffd") < text.count("\ufffd") else text


def _telling(body: bytes) -> bytes:
    """The passages that tell charsets apart, 64 kB of them: English and markup are the same in all, and outvote a
    little Chinese among much of them."""
    return b"\n".join(_TELLING.findall(body[: 2**20]))[: 2**16]


def _undoubled(text: str) -> str:
    """Decoded a second time, where all of it is UTF-8 that was read as Windows-1252 before it was encoded."""
    if text.isascii() or _BEYOND_WINDOWS.search(text):
        return text
    parts = _UNDEFINED.split(text)
    try:
        encoded = [part.encode("latin-1" if index % 2 else "cp1252") for index, part in enumerate(parts)]
        return b"".join(encoded).decode("utf-8")
    except UnicodeError:
        return text
