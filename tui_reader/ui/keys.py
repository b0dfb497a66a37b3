"""Every key, once: panes take their bindings from here, and so do the help screen, the palette and README's table.

No key has two meanings in one pane. Keys of features that do not exist stay unbound.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Key:
    id: str
    """What the `[keys]` table of the configuration calls it."""
    keys: str
    """As Textual names them, parted by commas; the first is shown."""
    action: str
    text: str
    panes: str
    """F feeds and views · L list of entries · A article · V a passage being selected there · H highlights."""
    hint: str = ""
    """A word for the line at the bottom; "" keeps it out of there."""


KEYS = (
    # Moving
    Key("down", "j,down", "down", "next row, or scroll a line", "FLAH"),
    Key("up", "k,up", "up", "previous row, or scroll a line back", "FLAH"),
    Key("left", "h,left", "screen.left", "pane to the left; fold", "FLAH"),
    Key("right", "l,right", "screen.right", "pane to the right; unfold", "FLAH"),
    Key("next-pane", "tab", "screen.next_pane", "next pane", "FLAH"),
    Key("previous-pane", "shift+tab", "screen.previous_pane", "previous pane", "FLAH"),
    Key("open-view", "enter", "screen.open", "open the view, or fold and unfold", "F", "open"),
    Key("open-entry", "enter", "screen.open", "open the article", "L", "open"),
    Key("follow-link", "enter", "screen.open", "open a link of the paragraph", "A"),
    Key("open-passage", "enter", "screen.open", "read the passage in its article", "H", "read"),
    Key("page-down", "space,pagedown", "screen.page_down", "read on; at the end, next unread", "FLAH", "read on"),
    Key("page-up", "b,pageup", "screen.page_up", "a page back", "FLAH"),
    Key("half-down", "ctrl+d", "half_down", "half a page down", "FLAH"),
    Key("half-up", "ctrl+u", "half_up", "half a page up", "FLAH"),
    Key("top", "home", "top", "top", "FLAH"),
    Key("bottom", "G,end", "bottom", "bottom", "FLAH"),
    Key("go-to", "g", "screen.go_to", "go to … (a list of places appears)", "FLAH"),
    Key("next-unread", "n", "screen.next_unread", "next unread", "FLA", "next unread"),
    Key("previous-unread", "p", "screen.previous_unread", "previous unread", "FLA"),
    Key("next-view", "N", "screen.next_unread_view", "next view with unread", "FLA"),
    Key("previous-view", "P", "screen.previous_unread_view", "previous view with unread", "FLA"),
    Key("next-entry", "J", "screen.next_entry", "next article, from here", "LAH"),
    Key("previous-entry", "K", "screen.previous_entry", "previous article, from here", "LAH"),
    Key("next-paragraph", "right_curly_bracket", "next_paragraph", "next paragraph", "A", "paragraph"),
    Key("previous-paragraph", "left_curly_bracket", "previous_paragraph", "previous paragraph", "A"),
    Key("next-sentence", "right_parenthesis", "next_sentence", "next sentence", "A"),
    Key("previous-sentence", "left_parenthesis", "previous_sentence", "previous sentence", "A"),
    Key("next-highlight", "right_square_bracket", "next_mark", "next highlight of this article", "A"),
    Key("previous-highlight", "left_square_bracket", "previous_mark", "previous highlight of this article", "A"),
    Key("select-rows", "v", "screen.select_rows", "select rows: m s L t e y Y | mean all of them", "L"),
    Key("select-highlights", "v", "screen.select_rows", "select rows: 1–4 t d x e y Y | mean all", "H"),
    # Reading
    Key("read", "m", "screen.toggle_read", "read or unread (in feeds: all of it)", "FLA"),
    Key("read-above", "M", "screen.mark_above_read", "mark everything above as read", "L"),
    Key("read-all", "A", "screen.mark_all_read", "mark all of this view as read", "FLA", "all read"),
    Key("star", "s", "screen.toggle_star", "star", "LA", "star"),
    Key("later", "L", "screen.toggle_later", "read later", "LA"),
    Key("full-text", "f", "screen.full_text", "full text, or the feed's words again", "LA", "full text"),
    Key("split", "D", "screen.split", "split an issue into its stories, or join it", "LA"),
    Key("undo", "u", "screen.undo", "undo", "FLAH", "undo"),
    Key("redo", "U", "screen.redo", "redo", "FLAH"),
    # Highlights
    Key("highlight", "H", "screen.highlight", "highlight the paragraph, or take it away", "A", "highlight"),
    Key("note", "a", "screen.note", "note on the highlight or the article", "LA", "note"),
    Key("edit-note", "a", "screen.note", "edit the note", "H", "note"),
    Key("select", "v", "select('sentence')", "select by sentence (again: word, character)", "A", "select"),
    Key("select-paragraph", "V", "select('paragraph')", "select by paragraph", "A"),
    Key("tag-highlight", "t", "screen.tag_highlight", "tags of the highlight", "H", "tags"),
    Key("kind-fact", "1", "screen.kind('fact')", "the highlight is a fact, or no longer", "AH"),
    Key("kind-claim", "2", "screen.kind('claim')", "the highlight is a claim, to check by a day", "AH"),
    Key("kind-number", "3", "screen.kind('number')", "the highlight is a number", "AH"),
    Key("kind-question", "4", "screen.kind('question')", "the highlight is a question", "AH"),
    Key("edit-outside", "E", "screen.edit_outside", "the highlight's note, in your editor", "H"),
    Key("open-outside", "E", "screen.edit_outside", "the article or highlight's note, in your editor", "LA"),
    Key("due", "d", "screen.due", "the day by which to check the claim", "H"),
    Key("attach", "r", "screen.attach", "attach it by hand to another passage", "H"),
    Key("group", "c", "screen.group", "group by article, company, topic, kind, day", "H", "group"),
    Key("sort", "s", "screen.sort", "sort", "H"),
    Key("export", "e", "screen.export", "export highlights to Markdown", "FLAH", "export"),
    # Selecting a passage of the article
    Key("extend", "j,down", "extend('', 1)", "a unit more", "V", "more"),
    Key("shrink", "k,up", "extend('', -1)", "a unit less", "V", "less"),
    Key("extend-character", "l,right", "extend('character', 1)", "a character more", "V"),
    Key("shrink-character", "h,left", "extend('character', -1)", "a character less", "V"),
    Key("extend-word", "w", "extend('word', 1)", "a word more", "V"),
    Key("shrink-word", "b", "extend('word', -1)", "a word less", "V"),
    Key("extend-sentence", "right_parenthesis", "extend('sentence', 1)", "a sentence more", "V"),
    Key("shrink-sentence", "left_parenthesis", "extend('sentence', -1)", "a sentence less", "V"),
    Key("extend-paragraph", "right_curly_bracket", "extend('paragraph', 1)", "a paragraph more", "V"),
    Key("shrink-paragraph", "left_curly_bracket", "extend('paragraph', -1)", "a paragraph less", "V"),
    Key("extend-to-match", "slash", "finish('reach')", "up to the next match", "V"),
    Key("swap-ends", "o", "swap_ends", "move the other end", "V", "other end"),
    Key("cycle-unit", "v", "cycle_unit", "sentence, word, character", "V", "unit"),
    Key("widen", "V", "widen", "take whole paragraphs", "V"),
    Key("save-selection", "enter,H", "finish('save')", "highlight it", "V", "highlight"),
    Key("note-selection", "a", "finish('note')", "highlight it and write a note", "V", "note"),
    Key("tag-selection", "t", "finish('tag')", "highlight it and tag it", "V", "tags"),
    Key("save-fact", "1", "finish('fact')", "highlight it as a fact", "V"),
    Key("save-claim", "2", "finish('claim')", "highlight it as a claim, to check by a day", "V"),
    Key("save-number", "3", "finish('number')", "highlight it as a number", "V"),
    Key("save-question", "4", "finish('question')", "highlight it as a question", "V"),
    Key("copy-selection", "y", "finish('copy')", "copy the text", "V", "copy"),
    Key("copy-quote", "Y", "finish('quote')", "copy it as a quote with its source", "V"),
    Key("stop-selecting", "escape,q", "stop_selecting", "stop selecting", "V", "stop"),
    # Finding
    Key("filter", "slash", "screen.filter", "filter this pane", "FLH", "filter"),
    Key("find", "slash", "screen.find", "find in the article", "A", "find"),
    Key("search", "S", "screen.search", "search everything", "FLAH", "search"),
    Key("save-view", "w", "screen.save_view", "save this search or filter as a view", "FL", "save view"),
    Key("view-all", "1", "screen.view('')", "all entries", "FL"),
    Key("view-unread", "2", "screen.view('is:unread')", "unread entries", "FL"),
    Key("view-starred", "3", "screen.view('is:starred')", "starred entries", "FL"),
    Key("why", "T", "screen.why", "why these tags? there, x is “not this”", "LA", "why"),
    Key("tags", "t", "screen.tags", "tags of the article, or of this highlight", "LA", "tags"),
    Key("follow", "t", "screen.tags", "pin, hide or sort companies and topics", "F", "follow"),
    Key("edits", "d", "screen.edits", "what its publisher changed", "LA"),
    Key("info", "i", "screen.info", "about what is under the cursor", "FLAH"),
    # The world
    Key("open-browser", "o", "screen.open_browser", "open in the browser", "FLAH", "browser"),
    Key("open-browser-next", "O", "screen.open_browser_next", "open in the browser, mark read, next unread", "LA"),
    Key("pipe", "vertical_line", "screen.pipe", "pipe the article to a command", "LA"),
    Key("pipe-quote", "vertical_line", "screen.pipe", "pipe the quote to a command", "H"),
    Key("link-hints", "semicolon", "screen.link_hints", "letters on links: open one, or after y copy it", "A"),
    Key("copy-url", "y", "screen.copy_url", "copy the address", "FLAH"),
    Key("copy-markdown", "Y", "screen.copy_markdown", "copy as Markdown", "LAH"),
    Key("refresh", "r", "screen.refresh_view", "refresh this feed or view", "FLA", "refresh"),
    Key("refresh-all", "R", "screen.refresh_all", "refresh everything", "FLAH"),
    Key("add-feed", "a", "screen.add_feed", "add a feed", "F", "add"),
    Key("unsubscribe", "x", "screen.unsubscribe", "unsubscribe; remove a saved view", "F"),
    Key("remove", "x", "screen.remove_highlight", "remove the highlight", "H", "remove"),
    # The screen
    Key("zen", "z", "screen.zen", "the article alone", "FLA"),
    Key("narrower", "less_than_sign", "screen.resize(-4)", "narrower pane", "FLA"),
    Key("wider", "greater_than_sign", "screen.resize(4)", "wider pane", "FLA"),
    Key("palette", "colon,ctrl+p", "app.command_palette", "all commands", "FLAVH"),
    Key("help", "question_mark", "screen.help", "help", "FLAVH", "help"),
    Key("cancel", "escape", "screen.cancel", "cancel; clear the filter", "FLAH"),
    Key("back", "q", "screen.back", "back; quit at the top", "FLAH"),
    Key("quit", "Q,ctrl+q", "app.quit", "quit", "FLAVH"),
)

GO_TO = (
    ("g", "top", "top"),
    ("f", "screen.focus_pane('feeds')", "feeds and views"),
    ("l", "screen.focus_pane('entries')", "list"),
    ("a", "screen.focus_pane('article')", "article"),
    ("h", "screen.highlights", "highlights"),
    ("x", "screen.orphans", "orphans"),
    ("u", "screen.view('is:unread')", "unread"),
    ("s", "screen.view('is:starred')", "starred"),
    ("r", "screen.view('is:later')", "read later"),
    ("t", "screen.view('on:today')", "today"),
    ("n", "screen.view('is:new')", "new since last time"),
    ("c", "screen.section('company')", "companies"),
    ("o", "screen.section('topic')", "topics"),
    ("e", "screen.feed_health", "feed health"),
    ("v", "screen.select_again", "last selection"),
)
"""After `g`: (key, action, text). An action without a name space is the pane's own."""

QUIT = Binding("Q,ctrl+q", "app.quit", show=False, id="quit")
"""For dialogs, which hear nothing of the keys of the screen below. In a field, `Q` is a letter."""

PANES = {
    "F": "Feeds and views",
    "L": "List of entries",
    "A": "Article",
    "V": "Article, while selecting",
    "H": "Highlights",
}

ON_ROWS = {
    "L": ("read", "star", "later", "tags", "export", "copy-url", "copy-markdown", "pipe", "select-rows", "help"),
    "H": ("tag-highlight", "remove", "kind-fact", "kind-claim", "kind-number", "kind-question", "due", "export",
          "copy-markdown", "copy-url", "pipe-quote", "select-highlights", "help"),
}  # fmt: skip
"""By pane: what acts on all selected rows, while some are."""

_ROW_HINTS = {"select-rows": "stop", "select-highlights": "stop", "read": "read", "later": "later", "copy-url": "copy",
              "copy-markdown": "as Markdown", "remove": "remove", "due": "day", "pipe": "pipe",
              "pipe-quote": "pipe"}  # fmt: skip

_SHOWN = {
    "semicolon": ";", "vertical_line": "|",
    "right_curly_bracket": "}", "left_curly_bracket": "{", "right_parenthesis": ")", "left_parenthesis": "(",
    "right_square_bracket": "]", "left_square_bracket": "[", "slash": "/", "less_than_sign": "<",
    "greater_than_sign": ">", "colon": ":", "question_mark": "?", "escape": "esc", "pagedown": "pgdn", "pageup": "pgup",
    "down": "↓", "up": "↑", "left": "←", "right": "→",
}  # fmt: skip

_ALSO = {
    "right_curly_bracket": ("fullwidth_right_curly_bracket", "right_corner_bracket"),
    "left_curly_bracket": ("fullwidth_left_curly_bracket", "left_corner_bracket"),
    "right_parenthesis": ("fullwidth_right_parenthesis",),
    "left_parenthesis": ("fullwidth_left_parenthesis",),
    "right_square_bracket": ("fullwidth_right_square_bracket", "right_black_lenticular_bracket"),
    "left_square_bracket": ("fullwidth_left_square_bracket", "left_black_lenticular_bracket"),
    "less_than_sign": ("fullwidth_less_than_sign", "left_double_angle_bracket"),
    "greater_than_sign": ("fullwidth_greater_than_sign", "right_double_angle_bracket"),
    "slash": ("fullwidth_solidus", "ideographic_comma"),
    "colon": ("fullwidth_colon",),
    "semicolon": ("fullwidth_semicolon",),
    "vertical_line": ("fullwidth_vertical_line",),
    "question_mark": ("fullwidth_question_mark",),
}
"""What Chinese input methods send for these keys."""


def pane_bindings(pane: str) -> list[BindingType]:
    """What the screen does, for the `BINDINGS` of a pane (a letter of `PANES`)."""
    return [_binding(key) for key in KEYS if pane in key.panes and "." in key.action]


def own_bindings(pane: str) -> list[BindingType]:
    """What a widget does by itself (moving), for its own `BINDINGS`."""
    return [_binding(key) for key in KEYS if pane in key.panes and "." not in key.action]


def shown(keys: str) -> str:
    """`j ↓` for `j,down`: as a person reads it."""
    return " ".join(_SHOWN.get(key, key) for key in keys.split(","))


def hints(pane: str, remapped: Mapping[str, str]) -> list[tuple[str, str]]:
    """(key, word) for the line at the bottom."""
    return [
        (shown(remapped.get(key.id, key.keys).split(",")[0]), key.hint)
        for key in KEYS
        if pane in key.panes and key.hint
    ]


def row_hints(pane: str, remapped: Mapping[str, str]) -> list[tuple[str, str]]:
    """The same while rows are selected."""
    known = {key.id: key for key in KEYS}
    return [
        (
            shown(remapped.get(name, known[name].keys).split(",")[0]),
            _ROW_HINTS.get(name, known[name].hint or name.removeprefix("kind-")),
        )
        for name in ON_ROWS[pane]
    ]


def key_mistakes(remapped: Mapping[str, str]) -> list[str]:
    """What is wrong with a `[keys]` table: actions that do not exist, and keys of two actions in one pane."""
    ids = {key.id for key in KEYS}
    mistakes = []
    for name in remapped.keys() - ids:
        near = difflib.get_close_matches(name, ids, 1)
        mistakes.append(f"[keys] {name}: no such action" + (f"; did you mean {near[0]}?" if near else ""))
    for one, other in combinations(sorted(KEYS, key=lambda key: key.id not in remapped), 2):
        if one.id in remapped and set(one.panes) & set(other.panes):
            shared = set(remapped[one.id].split(",")) & set(remapped.get(other.id, other.keys).split(","))
            mistakes += [f"[keys] {one.id}: {shown(key)} is the key of {other.id}, too" for key in sorted(shared)]
    return mistakes


def _binding(key: Key) -> Binding:
    return Binding(_with_aliases(key.keys), key.action, key.text, id=key.id, show=False)


def _with_aliases(keys: str) -> str:
    names = keys.split(",")
    return ",".join((*names, *(also for name in names for also in _ALSO.get(name, ()))))
