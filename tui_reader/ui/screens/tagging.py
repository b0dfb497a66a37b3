"""What T and t do: show why an article has its tags, refuse them as far as the reader wishes, and give others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from textual.screen import Screen

from tui_reader.fold import fold
from tui_reader.model import Article, Reason, Tag, Veto
from tui_reader.store import Store
from tui_reader.ui.background import BackgroundStore
from tui_reader.ui.screens.dialogs import Choice
from tui_reader.ui.screens.tag_dialog import TagDialog, TagName
from tui_reader.ui.screens.why import WhyDialog
from tui_reader.ui.text import number
from tui_reader.ui.widgets.why_rows import WhyRow

Deed = Callable[[], str]
Later = Callable[[], Awaitable[str]]


class Tagging:
    def __init__(
        self,
        screen: Screen[None],
        store: Store,
        background: BackgroundStore,
        *,
        now: Callable[[], datetime],
        taxonomy: Path | None,
        do: Callable[[Deed], None],
        do_later: Callable[[Later], None],
        show: Callable[[WhyRow], None],
    ) -> None:
        """`taxonomy` is the reader's own file; `do` and `do_later` run a deed and report it; `show` marks passages."""
        self._screen = screen
        self._store = store
        self._background = background
        self._now = now
        self._taxonomy = taxonomy
        self._do = do
        self._do_later = do_later
        self._show = show

    # --- why, and "not this"

    def why(self, article: Article) -> None:
        vetoes = self._store.vetoes.of_feed(article.entry.feed_id)

        def answered(answer: tuple[str, WhyRow] | None) -> None:
            if answer is not None:
                verb, row = answer
                if verb == "show":
                    self._show(row)
                else:
                    self._refuse(article, row)

        dialog = WhyDialog(article, lambda: _explain(article, vetoes, self._taxonomy))
        self._screen.app.push_screen(dialog, answered)

    def _refuse(self, article: Article, row: WhyRow) -> None:
        if row.tag is None:
            self._do(lambda: f"{row.name} is left out already")
        elif not row.alias:
            self._do(lambda: self._take_away(article, row.kind, row.slug, row.name))
        else:
            self._ask_how_far(article, row)

    def _ask_how_far(self, article: Article, row: WhyRow) -> None:
        feed = article.entry.feed_title
        answers = [
            ("h", "here: in this article"),
            ("f", f"in this feed: “{row.alias}” never means it in {feed}"),
            ("e", f"for ever: “{row.alias}” never means it"),
        ]

        def answered(key: str | None) -> None:
            if key == "h":
                self._do(lambda: self._take_away(article, row.kind, row.slug, row.name))
            elif key == "f":
                veto = Veto(row.kind, row.slug, row.alias, article.entry.feed_id)
                self._do_later(lambda: self._veto(veto, f"in {feed}"))
            elif key == "e":
                self._do_later(lambda: self._veto(Veto(row.kind, row.slug, row.alias), "anywhere"))

        self._screen.app.push_screen(Choice(f"Not {row.name}. How far does that go?", answers), answered)

    async def _veto(self, veto: Veto, where: str) -> str:
        now = self._now()
        changed = await self._background.run(lambda store: store.vetoes.add(veto, where=where, now=now))
        told = f"“{veto.alias}” no longer means {self._store.tags.name(veto.kind, veto.slug)} {where}"
        return f"{told}: {number(changed, 'entry', 'entries')} changed · u undoes"

    # --- by hand

    def edit(self, article: Article) -> None:
        def answered(name: TagName | None) -> None:
            if name is not None and name.given:
                self._do(lambda: self._take_away(article, name.kind, name.slug, name.name))
            elif name is not None:
                self._do(lambda: self._give(article, name))

        self._ask(article.entry.title or "(no title)", article.tags, self._names(), answered)

    def edit_all(self, count: int, shared: Mapping[tuple[str, str], int], change: Callable[[TagName], None]) -> None:
        """Of so many entries, of which `shared` says how many have each tag; `change` gives it to all, or takes it."""
        names = [replace(each, some=shared.get((each.kind, each.slug), 0)) for each in self._names()]

        def answered(name: TagName | None) -> None:
            if name is not None:
                change(name)

        given = [each for each in names if each.some == count]
        self._ask(number(count, "entry", "entries"), given, names, answered)

    def _names(self) -> list[TagName]:
        labels = ((("label", slug), slug) for slug in self._store.tags.labels())
        given = (*self._store.tags.names().items(), *labels)
        return [TagName(kind, slug, name) for (kind, slug), name in given]

    def _ask(
        self,
        title: str,
        tags: Sequence[Tag | TagName],
        names: list[TagName],
        answered: Callable[[TagName | None], None],
    ) -> None:
        dialog = TagDialog(title, tags, names, lambda: _with_words(names, self._taxonomy))
        self._screen.app.push_screen(dialog, answered)

    def _give(self, article: Article, name: TagName) -> str:
        self._store.tags.give([article.entry.id], name.kind, name.slug, now=self._now())
        return f"tagged with {name.name} · u undoes"

    def _take_away(self, article: Article, kind: str, slug: str, name: str) -> str:
        self._store.tags.take_away([article.entry.id], kind, slug, now=self._now())
        if kind == "label":
            return f"no longer labelled {name} · u undoes"
        return f"not {name}: the tag will not come back here · u undoes"


def _explain(article: Article, vetoes: frozenset[tuple[str, str, str]], own: Path | None) -> tuple[Reason, ...]:
    """In a thread. Nothing if the reader's own taxonomy has a mistake, which others report."""
    from tui_reader.errors import TaxonomyError
    from tui_reader.tagging import Tagger, load_taxonomy

    try:
        tagger = Tagger(load_taxonomy(own if own and own.exists() else None))
    except TaxonomyError:
        return ()
    entry = article.entry
    return tagger.explain(entry.title, article.text, feed_title=entry.feed_title, vetoes=vetoes)


def _with_words(names: list[TagName], own: Path | None) -> list[TagName]:
    """In a thread: with all the names by which the taxonomy knows them, such as the Chinese ones."""
    from tui_reader.errors import TaxonomyError
    from tui_reader.tagging import load_taxonomy

    try:
        taxonomy = load_taxonomy(own if own and own.exists() else None)
    except TaxonomyError:
        return names
    found = []
    for each in names:
        entry = taxonomy.companies.get(each.slug) or taxonomy.topics.get(each.slug)
        words = (entry.zh, *taxonomy.aliases(each.slug)) if entry and each.kind != "label" else ()
        found.append(replace(each, words=fold("\n".join(words))))
    return found
