"""T and t, and a taxonomy that changes while the app is open."""

from __future__ import annotations

from pathlib import Path

from driving import ids, keys, pane, reader, screen, settle, status, until
from textual.widgets import Input

from tui_reader.demo import MADE_AT
from tui_reader.model import Veto
from tui_reader.store import Store
from tui_reader.ui.app import ReaderApp
from tui_reader.ui.background import Commands
from tui_reader.ui.screens.tag_dialog import TagName, matching
from tui_reader.ui.screens.taxonomy_watch import RetagDialog, TaxonomyWatch
from tui_reader.ui.widgets.entry_rows import EntryRows

KIMI = ':"Kimi now has 40"'


async def find(pilot, words: str) -> int:  # type: ignore[no-untyped-def]
    await keys(pilot, "S", words, "enter")
    await until(pilot, lambda: len(ids(pilot)) == 1)
    return ids(pilot)[0]


def slugs(store: Store, entry_id: int) -> set[str]:
    return {tag.slug for tag in store.entries.article(entry_id).tags}


async def test_why_tells_the_reasons_and_what_was_left_out(store: Store) -> None:
    async with reader(store) as pilot:
        await find(pilot, KIMI)
        await keys(pilot, "T")
        await until(pilot, lambda: "“Moonshot AI” × 2, a name · it means nobody else" in screen(pilot.app))
        told = screen(pilot.app)
        assert "a weak name · the entry names it surely" in told
        assert "company · primary · “" in told
        await keys(pilot, "end")
        await until(pilot, lambda: "left out: " in screen(pilot.app))


async def test_not_this_in_a_feed_reaches_its_other_entries_and_can_be_undone(store: Store) -> None:
    async with reader(store) as pilot:
        shown = await find(pilot, KIMI)
        tag = next(tag for tag in store.entries.article(shown).tags if tag.kind == "company")
        alias = tag.evidence[0].alias
        await keys(pilot, "T", "x")
        assert f"“{alias}” never means it in" in screen(pilot.app)
        await keys(pilot, "f")
        await until(pilot, lambda: f"no longer means {tag.name} in" in status(pilot))
        feed = store.entries.article(shown).entry.feed_id
        assert store.vetoes.all() == (Veto("company", tag.slug, alias.lower(), feed),)
        assert alias not in {each.alias for each in _evidence(store, shown, tag.slug)}
        await keys(pilot, "u")
        assert store.vetoes.all() == ()
        assert alias in {each.alias for each in _evidence(store, shown, tag.slug)}


async def test_not_this_for_ever(store: Store) -> None:
    async with reader(store) as pilot:
        await find(pilot, KIMI)
        await keys(pilot, "T", "x", "e")
        await until(pilot, lambda: "no longer means" in status(pilot))
        assert [veto.feed_id for veto in store.vetoes.all()] == [0]


def _evidence(store: Store, entry_id: int, slug: str):  # type: ignore[no-untyped-def]
    return [each for tag in store.entries.article(entry_id).tags if tag.slug == slug for each in tag.evidence]


async def test_t_gives_a_company_by_any_of_its_names_and_takes_it_away(store: Store) -> None:
    async with reader(store) as pilot:
        shown = await find(pilot, KIMI)
        assert "smic" not in slugs(store, shown)
        await keys(pilot, "t")
        pilot.app.screen.query_one(Input).value = "中芯国际"
        await until(pilot, lambda: "+ SMIC" in screen(pilot.app))
        await keys(pilot, "enter")
        assert "smic" in slugs(store, shown)
        assert "tagged with SMIC" in status(pilot)
        await keys(pilot, "t")
        pilot.app.screen.query_one(Input).value = "中芯"
        await until(pilot, lambda: "− SMIC" in screen(pilot.app))
        await keys(pilot, "enter")
        assert "smic" not in slugs(store, shown)
        await keys(pilot, "u", "u")
        assert "smic" not in slugs(store, shown)
        await keys(pilot, "U")
        assert "smic" in slugs(store, shown)


async def test_t_makes_labels_and_offers_them_again(store: Store) -> None:
    async with reader(store) as pilot:
        shown = await find(pilot, KIMI)
        await keys(pilot, "t", ":read twice", "enter")
        assert "read twice" in slugs(store, shown)
        await keys(pilot, "escape", "1", "G")
        assert "+ read twice" in await keys(pilot, "t", ":twi")
        await keys(pilot, "escape")
        assert pane(pilot) == "L"
        await find(pilot, KIMI)
        await keys(pilot, "t", ":read", "enter")
        assert "read twice" not in slugs(store, shown)


def test_names_are_offered_from_their_beginning_and_what_is_typed_as_a_label() -> None:
    names = [
        TagName("company", "arm", "Arm"),
        TagName("company", "pharma", "Pharm"),
        TagName("topic", "chips", "Chips"),
    ]
    assert [name.name for name in matching("arm", names, ())] == ["Arm", "Pharm", "arm"]
    assert matching("chips", names, ())[0].kind == "topic"
    assert matching("", names, ()) == ()


async def test_a_changed_taxonomy_is_shown_before_it_is_done(store: Store, tmp_path: Path) -> None:
    assert store.path is not None
    config, own = tmp_path / "config.toml", tmp_path / "taxonomy.toml"
    config.write_text("", encoding="utf-8")
    commands = Commands(["--db", str(store.path), "--config", str(config)], None)
    async with reader(store, commands=commands) as pilot:
        app = pilot.app
        assert isinstance(app, ReaderApp)
        watch = TaxonomyWatch(app, own, commands, status=lambda: app.main.status, done=app.main.update)
        watch.look()
        own.write_text("[companies.alibaba]\nmute = true\n", encoding="utf-8")
        watch.look()
        await until(pilot, lambda: isinstance(app.screen, RetagDialog), seconds=30)
        told = screen(app)
        assert "would tag" in told
        assert "− company:alibaba" in told
        assert store.tags.known("company", "alibaba")
        await keys(pilot, "enter")
        await until(pilot, lambda: "tagged by your taxonomy" in status(pilot), seconds=30)
        assert not store.tags.known("company", "alibaba")
        own.write_text("[companies.alibaba]\nmute = maybe\n", encoding="utf-8")
        watch.look()
        await until(pilot, lambda: "taxonomy.toml" in status(pilot) and "line 2" in status(pilot), seconds=30)
        await settle(pilot)


async def to_company(pilot, name: str) -> None:  # type: ignore[no-untyped-def]
    await until(pilot, lambda: name in screen(pilot.app))
    await keys(pilot, "g", "c", "j")
    for _ in range(12):
        row = pilot.app.main.sidebar.row()
        if row.label == name:
            return
        await keys(pilot, "j")
    raise AssertionError(screen(pilot.app))


async def test_a_company_is_pinned_hidden_and_sorted(store: Store) -> None:
    async with reader(store) as pilot:
        app = pilot.app
        assert isinstance(app, ReaderApp)
        await to_company(pilot, "Nvidia")
        assert "pin: keep it on top" in await keys(pilot, "t")
        await keys(pilot, "p")
        await until(pilot, lambda: "◆ Nvidia" in screen(app))
        await to_company(pilot, "DeepSeek")
        await keys(pilot, "t", "h")
        await until(pilot, lambda: "DeepSeek" not in _labels(app))
        await keys(pilot, "u")
        await until(pilot, lambda: "DeepSeek" in _labels(app))
        await to_company(pilot, "Nvidia")
        await keys(pilot, "t", "n")
        await until(pilot, lambda: _labels(app)[1:3] == sorted(_labels(app)[1:3], key=str.casefold))
        assert store.following.order == "name"
        assert _labels(app)[0] == "Nvidia"


async def test_i_on_a_company_shows_what_it_goes_together_with(store: Store) -> None:
    async with reader(store) as pilot:
        await to_company(pilot, "Nvidia")
        await keys(pilot, "i")
        await until(pilot, lambda: "together with topics" in screen(pilot.app))
        assert "Chips" in screen(pilot.app)


async def test_wide_panes_draw_the_last_days(store: Store) -> None:
    async with reader(store) as pilot:
        await to_company(pilot, "Nvidia")
        await keys(pilot, ">", ">")
        row = next(line for line in screen(pilot.app).splitlines() if "Nvidia" in line)
        assert set(row.split("│")[0]) & set("▁▂▃▄▅▆▇█")


def _labels(app: ReaderApp) -> list[str]:
    rows = app.main.sidebar.rows
    return [row.label for row in rows if row.query.startswith("company:")]


def test_the_list_names_what_an_entry_is_about_or_in_brackets_what_it_mentions(store: Store) -> None:
    entries = store.entries.rows(list(store.entries.by_guid().values()))
    plain = [each for each in entries if not each.parent_id and not each.stories]
    about = next(each for each in plain if each.primary and len(each.companies) > len(each.primary))
    mentioning = next(each for each in plain if each.companies and not each.primary)
    rows = EntryRows(
        [about.id, mentioning.id],
        lambda some: store.search.hits(some, None),
        company_name=str.upper,
        now=lambda: MADE_AT,
        iso_dates=False,
    )
    first, second = ("".join(text for text, _ in rows.lines(index, 200)[1]).rstrip() for index in (0, 1))
    assert first.endswith(f"· {', '.join(about.primary[:3]).upper()}")
    assert second.endswith(f"· ({', '.join(mentioning.companies[:3]).upper()})")
