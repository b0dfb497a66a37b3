"""HTML from outside → HTML of known elements, in one pass over its tags.

The tags are read as the HTML standard reads them, but the tree is kept simpler than its algorithm would: that one takes
seconds and gigabytes for some pages of a few hundred kilobytes, this one is linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from itertools import islice

from tui_reader.clean.address import clean_url
from tui_reader.clean.text import clean_line
from tui_reader.doc import without_controls

_LONGEST = 2_000_000
_DEEPEST = 100
_MOST_ATTRIBUTES = 60


def clean_html(html: str, *, base: str) -> str:
    """The article in known elements and attributes only, with links and images made absolute by `base`.

    What runs, loads, asks or tracks is gone, players have become links, and nothing is hidden. Elements are closed
    in order. What lies beyond 2,000,000 characters is cut, what nests deeper than 100 elements is flattened.
    """
    writer = _Writer(base)
    at, end = 0, min(len(html), _LONGEST)
    unclosed = set[str]()
    while tag := _TAG.search(html, at, end):
        writer.text(html[at : tag.start()])
        at = tag.end()
        slash, name, attributes = tag[1], (tag[2] or "").lower(), tag[3] or ""
        if slash:
            writer.end(name)
        elif name:
            writer.start(name, attributes, html[at : at + 40])
            if name in _RAW and name not in unclosed and not attributes.endswith("/"):
                closing = _RAW[name].search(html, at, end)
                if closing or name in ("script", "style"):
                    at = closing.end() if closing else end
                else:
                    unclosed.add(name)  # It would hide the rest of the article.
    writer.text(html[at:end])
    return writer.finish(cut=end < len(html))


# --- the vocabulary --------------------------------------------------------------------------------------------------

_INLINE = {
    **{name: name for name in ("a", "code", "em", "mark", "q", "rp", "rt", "ruby", "s", "strong", "sub", "sup")},
    **dict.fromkeys(("cite", "dfn", "i", "var"), "em"),
    **dict.fromkeys(("kbd", "samp", "tt"), "code"),
    **dict.fromkeys(("del", "strike"), "s"),
    "b": "strong",
}
_BLOCK = {
    **{name: name for name in ("blockquote", "div", "p", "pre", "figure", "figcaption", "hr")},
    **{name: name for name in ("h1", "h2", "h3", "h4", "h5", "h6")},
    **{name: name for name in ("ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "tr", "th", "td")},
    **dict.fromkeys(("address", "article", "aside", "center", "details", "fieldset", "footer", "form"), "div"),
    **dict.fromkeys(("header", "hgroup", "main", "nav", "section"), "div"),
    **dict.fromkeys(("legend", "summary"), "p"),
    **dict.fromkeys(("dir", "menu"), "ul"),
    "listing": "pre",
}
_NAMES = _INLINE | _BLOCK
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
# Their content is not markup: it ends at their end tag, whatever stands in it.
_RAW = {
    name: re.compile(rf"</{name}\b[^>]*>?", re.IGNORECASE)
    for name in ("iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp")
}
_MUTED = {
    *("annotation", "annotation-xml", "applet", "audio", "button", "canvas", "datalist", "dialog", "map", "noscript"),
    *("optgroup", "option", "select", "svg", "template", "video"),
}
# Parts of well-known publishing systems that ask for something instead of saying something, or say it twice.
_NOISE = {
    *("addtoany_share_save_container", "feedflare", "image-link-expand", "jp-relatedposts", "mc4wp-form", "sharedaddy"),
    *("subscription-widget", "subscription-widget-wrap", "subscription-widget-wrap-editor", "wpcnt"),
    *("gutter", "katex-html", "line-numbers-rows", "lineno", "linenos", "mw-editsection", "screen-reader-text"),
    "sr-only",
}
_ASKS = re.compile(r"action=(?:share|gift)|/subscribe\b|/comments\b|donate=true|checkout_url", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_BEACON = re.compile(
    r"//(?:pixel|stats?|counter|track(?:ing)?|beacon)\.[^/]+/|//feeds\.feedburner\.com/~"
    r"|//[^/]*(?:doubleclick|google-analytics|scorecardresearch|quantserve|feedsportal)\."
    r"|//[^/]+/(?:open(?:\.aspx)?\?|track/open|_/stat\?|wf/open|pixel(?:\.\w+)?(?:\?|$)|[be]\.gif|e/o/|trk\?)",
    re.IGNORECASE,
)
# Where an image really is, if its page loads it late.
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-original-src", "src")
_VIDEO = re.compile(r"youtu|vimeo|bilibili|v\.qq\.com|youku|dailymotion|twitch|tiktok|douyin|video", re.IGNORECASE)
_AUDIO = re.compile(
    r"podcast|soundcloud|spotify|audio|anchor\.fm|megaphone|simplecast|libsyn|buzzsprout", re.IGNORECASE
)
_WIDGET = re.compile(
    r"plugins/(?:like|share|follow)|googletagmanager|/(?:ads?|widgets?/follow)\b|/embed/?$", re.IGNORECASE
)
_LANGUAGE = re.compile(r"\b(?:lang(?:uage)?-|brush:\s*)([\w+#.-]{1,30})")

# --- reading tags ----------------------------------------------------------------------------------------------------

# Every branch runs to a ">" or to the end of the input and never back, so that the whole is linear.
_TAG = re.compile(
    r"""
    <!--(?:-?>|.*?(?:--!?>|\Z))
  | <!\[CDATA\[ | \]\]>
  | <(?:!(?!['"0-9])|\?)[^>]*+(?:>|\Z)
  | <(/?)([a-z][^\s/>]*+)((?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+)(?:>|\Z)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>]*+))?+""")


def _attributes(source: str) -> dict[str, str]:
    """By name, in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for match in islice(_ATTRIBUTE.finditer(source), _MOST_ATTRIBUTES):
        value = match[2] or ""
        found.setdefault(match[1].lower(), unescape(value[1:-1] if value[:1] in ("'", '"') else value))
    return found


# --- writing them anew -----------------------------------------------------------------------------------------------

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCK_NAMES = set(_BLOCK.values())
_TABLE_PARTS = {"caption", "tr", "td", "th"}
# An element → those that its start tag closes, and those behind which they are left alone.
_CLOSES: dict[str, tuple[set[str], set[str]]] = {
    "a": ({"a"}, {"table", "td", "th"}),
    "li": ({"li"}, {"ul", "ol", "dl", "table", "td", "th", "blockquote"}),
    **dict.fromkeys(("dt", "dd"), ({"dt", "dd"}, {"ul", "ol", "dl", "table", "td", "th", "blockquote"})),
    **dict.fromkeys(("td", "th"), ({"td", "th", "caption"}, {"table", "tr"})),
    "tr": ({"tr", "caption"}, {"table"}),
}
_PERMALINK = re.compile(r"\s*(?:(?:[#¶§🔗^↑]|↩[\ufe0e\ufe0f]?)\s*)?</a\b", re.IGNORECASE)
_NOTE_REFERENCE = re.compile(r"\s*\d{1,3}\s*</a\b", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]{1,6}")
_TINY = re.compile(r"\s*[01](?:px)?\s*")
_TINY_STYLE = re.compile(r"(?<![-\w])(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$|!)", re.IGNORECASE)
# The page of a player → the page that people watch it on.
_WATCHABLE = (
    (
        re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,20}).*"),
        r"https://www.youtube.com/watch?v=\1",
    ),
    (re.compile(r"https?://player\.vimeo\.com/video/(\d+).*"), r"https://vimeo.com/\1"),
    (re.compile(r"https?://player\.bilibili\.com/.*?bvid=(BV\w+).*"), r"https://www.bilibili.com/video/\1"),
    (re.compile(r"https?://v\.qq\.com/.*?\bvid=(\w+).*"), r"https://v.qq.com/x/page/\1.html"),
)


class _Writer:
    """Writes what it knows, and closes what it opened."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._out: list[str] = []
        # Name and end tag. Within a muted element the names are those of the source and nothing is written.
        self._open: list[tuple[str, str]] = []
        self._muted_at: int | None = None
        self._player = ""

    def finish(self, *, cut: bool) -> str:
        self._close_from(0)
        if cut:
            self._out.append("<p>…</p>")
        return "".join(self._out)

    def text(self, source: str) -> None:
        if source and self._muted_at is None:
            self._out.append(escape(without_controls(unescape(source)), quote=False))

    def start(self, name: str, source: str, ahead: str) -> None:
        """`source` is the text of the attributes, `ahead` the beginning of what follows the tag."""
        attributes = _attributes(source)
        empty = name in _VOID or (source.endswith("/") and name != "a")
        if self._muted_at is not None and not self._unmute_before(name):
            self._start_muted(name, attributes, empty=empty)
        elif not empty and (name in _MUTED or _is_noise(attributes)):
            self._mute(name, attributes)
        elif name in _SPECIAL:
            _SPECIAL[name](self, attributes, ahead)
        elif name in _NAMES:
            self._write(_NAMES[name], attributes)
            if empty:
                self.end(name)

    def end(self, name: str) -> None:
        if self._muted_at is not None and not self._unmute(name):
            return
        name = _NAMES.get(name, "")
        for depth in range(len(self._open) - 1, -1, -1):
            each = self._open[depth][0]
            if each == name:
                self._close_from(depth)
            if each in (name, "table") or (each in ("td", "th") and name not in _TABLE_PARTS):
                return

    # elements

    def _write(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("pre", "code"):
            classes = f"{attributes.get('class', '')} lang-{attributes.get('data-lang', '')}"
            language = _LANGUAGE.search(classes)
            self._push(name, f' class="language-{language[1]}"' if language else "")
        elif name in ("ol", "li"):
            kept = "start" if name == "ol" else "value"
            number = _NUMBER.fullmatch(attributes.get(kept, ""))
            self._push(name, f' {kept}="{number[0]}"' if number else "")
        else:
            self._push(name)

    def _push(self, name: str, attributes: str = "", *, begin: str = "", end: str = "") -> None:
        self._close_implied(name)
        if len(self._open) < _DEEPEST:
            self._out.append(f"{begin}<{name}{attributes}>" if name else begin)
            self._open.append((name, f"</{name}>{end}"))

    def _close_implied(self, name: str) -> None:
        if name in _BLOCK_NAMES:
            lines = {"p"} | (_HEADINGS if name in _HEADINGS else set())
            self._close_all(lines, _BLOCK_NAMES - lines)
        if name in _CLOSES:
            self._close_all(*_CLOSES[name])

    def _close_all(self, names: set[str], walls: set[str]) -> None:
        """Close each of these that is open, and all within it, up to a wall."""
        outermost = len(self._open)
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth][0] in walls:
                break
            if self._open[depth][0] in names:
                outermost = depth
        self._close_from(outermost)

    def _close_from(self, depth: int) -> None:
        self._out.extend(end for _, end in reversed(self._open[depth:]))
        del self._open[depth:]

    # what is not written

    def _mute(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("audio", "video"):
            self._make_room()
            self._player = "" if self._write_player(attributes, "src", kind=name.title()) else name.title()
        self._muted_at = len(self._open)
        self._open.append((name, ""))

    def _start_muted(self, name: str, attributes: dict[str, str], *, empty: bool) -> None:
        if name == "source" and self._player and self._write_player(attributes, "src", kind=self._player):
            self._player = ""
        if not empty and len(self._open) < 2 * _DEEPEST:
            self._open.append((name, ""))

    def _unmute(self, name: str) -> bool:
        """Whether the end tag closes an element around the muted one, and so the muted one too."""
        muted_at = self._muted_at or 0
        for depth in range(len(self._open) - 1, muted_at - 1, -1):
            if self._open[depth][0] == name:
                self._drop_from(depth)
                return False
        outer = any(each == _NAMES.get(name) for each, _ in self._open[:muted_at])
        if outer:
            self._drop_from(muted_at)
        return outer

    def _unmute_before(self, name: str) -> bool:
        """Whether a start tag ends the muted element, as <p> ends a paragraph."""
        above = self._open[-1][0]
        if (above == "p" and name in _BLOCK) or (above == name and name in ("li", "dt", "dd", "tr", "td", "th")):
            self._drop_from(len(self._open) - 1)
        return self._muted_at is None

    def _drop_from(self, depth: int) -> None:
        del self._open[depth:]
        if depth == self._muted_at:
            self._muted_at, self._player = None, ""

    # elements with an address

    def link(self, attributes: dict[str, str], ahead: str) -> None:
        self._close_implied("a")
        href = attributes.get("href", "")
        if "#" in href and _PERMALINK.match(ahead):
            self._mute("a", attributes)
            return
        if "#" in href and _NOTE_REFERENCE.match(ahead):
            raised = bool(self._open) and self._open[-1][0] == "sup"
            self._open.append(("a", "]" if raised else "]</sup>"))
            self._out.append("[" if raised else "<sup>[")
            return
        url = None if href.startswith("#") else clean_url(href, base=self._base, mail=True)
        if url:
            self._push("a", f' href="{escape(url)}"')

    def image(self, attributes: dict[str, str], ahead: str) -> None:
        alt = clean_line(attributes.get("alt", ""), limit=300)
        if {"emoji", "wp-smiley"} & set(attributes.get("class", "").split()):
            self.text(escape(alt))
            return
        sources = (attributes.get(name, "") for name in _SOURCES)
        url = next((url for source in sources if (url := self._absolute(source))), "")
        if (url or alt) and not _is_beacon(url, attributes):
            source = f' src="{escape(url)}"' if url else ""
            self._out.append(f'<img{source} alt="{escape(alt)}">')

    def frame(self, attributes: dict[str, str], ahead: str) -> None:
        self._make_room()
        self._write_player(attributes, "data-src", "src")

    def object(self, attributes: dict[str, str], ahead: str) -> None:
        self._make_room()
        if self._write_player(attributes, "data"):
            self._mute("object", attributes)

    def formula(self, attributes: dict[str, str], ahead: str) -> None:
        if attributes.get("alttext"):
            self.text(escape(attributes["alttext"]))
            self._mute("math", attributes)

    def line_break(self, attributes: dict[str, str], ahead: str) -> None:
        self._out.append("<br>")

    def rule(self, attributes: dict[str, str], ahead: str) -> None:
        self._close_implied("hr")
        self._out.append("<hr>")

    def _absolute(self, source: str) -> str:
        return clean_url(source, base=self._base) or ""

    def _make_room(self) -> None:
        """The link of a player is a paragraph of its own, and not within another link."""
        self._close_implied("a")
        self._close_implied("p")

    def _write_player(self, attributes: dict[str, str], *names: str, kind: str = "") -> bool:
        url = next((url for name in names if (url := self._absolute(attributes.get(name, "")))), "")
        if not url or _BEACON.search(url) or _WIDGET.search(url):
            return False
        for page, watchable in _WATCHABLE:
            url = page.sub(watchable, url)
        kind = kind or ("Video" if _VIDEO.search(url) else "Audio" if _AUDIO.search(url) else "Embed")
        shown = clean_line(url.partition("//")[2].removeprefix("www."), limit=60)
        self._out.append(f'<p><a href="{escape(url)}">{kind}: {escape(shown)}</a></p>')
        return True


_SPECIAL: dict[str, Callable[[_Writer, dict[str, str], str], None]] = {
    "a": _Writer.link,
    "br": _Writer.line_break,
    "embed": _Writer.frame,
    "hr": _Writer.rule,
    "iframe": _Writer.frame,
    "img": _Writer.image,
    "math": _Writer.formula,
    "object": _Writer.object,
}


def _is_noise(attributes: dict[str, str]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    classes = set(attributes.get("class", "").split())
    if "button-wrapper" in classes and _ASKS.search(attributes.get("data-attrs", "")):
        return True
    return bool(classes & _NOISE) or _HIDDEN.search(attributes.get("style", "")) is not None


def _is_beacon(url: str, attributes: dict[str, str]) -> bool:
    tiny = any(_TINY.fullmatch(attributes.get(side, "")) for side in ("width", "height"))
    return tiny or _TINY_STYLE.search(attributes.get("style", "")) is not None or _BEACON.search(url) is not None
