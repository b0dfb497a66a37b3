"""A changed taxonomy, or a veto, tags anew what it affects, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import NOW, entry, later, save, subscribe

from tui_reader import retag
from tui_reader.model import Veto
from tui_reader.retag import Change, plan, save_names, steps
from tui_reader.store import Store
from tui_reader.tagging import Tagger, Taxonomy, load_taxonomy


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy()


def own(folder: Path, text: str) -> Taxonomy:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return load_taxonomy(path)


def again(
    store: Store, taxonomy: Taxonomy, *, dry_run: bool = False, all: bool = False, helpers: int = 0
) -> tuple[int, tuple[Change, ...]]:
    """→ (entries tagged anew, what changed)."""
    stale = plan(store, taxonomy, all=all)
    if not dry_run:
        save_names(store, taxonomy)
    done = list(steps(store, stale, Tagger(taxonomy), dry_run=dry_run, helpers=helpers))
    return sum(step.tagged for step in done), tuple(change for step in done for change in step.changes)


def companies(store: Store, entry_id: int) -> tuple[str, ...]:
    return store.entries.rows([entry_id])[0].companies


def test_what_was_done_by_hand_stays_and_a_dry_run_changes_nothing(store: Store, taxonomy: Taxonomy) -> None:
    a, b = save(store, entry("a", "阿里巴巴发布Qwen3", "英伟达回应。"), entry("b", "A quiet day", "Nothing happened."))
    store.tags.take_away([a], "company", "nvidia", now=NOW)
    store.tags.give([b], "company", "alibaba", now=NOW)
    tagged, (change,) = again(store, taxonomy, dry_run=True)
    assert (tagged, change.entry_id, change.gone) == (2, a, ())
    assert ("company", "alibaba") in change.new
    assert ("company", "nvidia") not in change.new
    assert companies(store, a) == ()
    assert again(store, taxonomy) == (tagged, (change,))
    assert again(store, taxonomy) == (0, ())
    (c,) = save(store, entry("c", "A quiet evening", "Nothing happened."))
    assert again(store, taxonomy, all=True) == (3, ())
    assert store.entries.rows([c])
    assert [companies(store, each) for each in (a, b)] == [("alibaba",), ("alibaba",)]
    assert store.retagging.ids(other_than=taxonomy.version) == ()


def test_only_entries_with_a_word_of_what_changed_are_tagged(store: Store, taxonomy: Taxonomy, tmp_path: Path) -> None:
    a, b, c = save(
        store,
        entry("a", "Crusoe Energy builds", "A site in Texas."),
        entry("b", "Qwen3 is out", "Alibaba says so."),
        entry("c", "A quiet day", "Nothing happened."),
    )
    assert again(store, taxonomy)[0] == 3
    more = own(tmp_path, "[companies.crusoe]\nname = 'Crusoe'\nnames = 'Crusoe Energy'")
    tagged, changes = again(store, more)
    assert tagged == 1
    assert changes == (Change(a, "Crusoe Energy builds", (("company", "crusoe"),), ()),)
    assert store.retagging.ids(other_than=more.version) == ()
    tagged, changes = again(store, taxonomy)
    assert (tagged, changes) == (1, (Change(a, "Crusoe Energy builds", (), (("company", "crusoe"),)),))
    muted = own(tmp_path, "[companies.alibaba]\nmute = true")
    tagged, (change,) = again(store, muted)
    assert (tagged, change.entry_id) == (1, b)
    assert ("company", "alibaba") in change.gone
    assert companies(store, c) == ()


def test_a_changed_group_of_words_may_change_any_entry(store: Store, taxonomy: Taxonomy, tmp_path: Path) -> None:
    save(store, entry("a"), entry("b"))
    again(store, taxonomy)
    assert again(store, own(tmp_path, "[words]\nai = 'superbrain'"))[0] == 2


def test_a_topic_that_the_wording_tells_may_come_and_go_in_any_entry(
    store: Store, taxonomy: Taxonomy, tmp_path: Path
) -> None:
    save(store, entry("a"), entry("b"))
    again(store, taxonomy)
    assert again(store, own(tmp_path, "[topics.ma-ipo]\nmute = true"))[0] == 2
    assert again(store, taxonomy)[0] == 2
    assert again(store, own(tmp_path, "[topics.ma-ipo]\ncues = 'merge and list'"))[0] == 0


def test_what_was_given_up_half_way_is_found_again(
    store: Store, taxonomy: Taxonomy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retag, "STEP", 1)
    ids = save(store, *(entry(str(n), "Qwen3 is out") for n in range(3)))
    first = steps(store, plan(store, taxonomy), Tagger(taxonomy))
    next(first)
    first.close()
    assert len(store.retagging.ids(other_than=taxonomy.version)) == 2
    tagged, _ = again(store, taxonomy)
    assert tagged == 2
    assert all(companies(store, each) == ("alibaba",) for each in ids)


def test_helpers_come_to_the_same(store: Store, taxonomy: Taxonomy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retag, "MANY", 1)
    monkeypatch.setattr(retag, "STEP", 2)
    ids = save(store, *(entry(str(n), "Qwen3 is out" if n % 2 else "A quiet day") for n in range(7)))
    tagged, changes = again(store, taxonomy, helpers=2)
    assert tagged == 7
    assert {change.entry_id for change in changes} >= set(ids[1::2])
    assert again(store, taxonomy, all=True) == (7, ())


def test_a_veto_holds_for_its_feed_and_can_be_taken_back(store: Store, taxonomy: Taxonomy) -> None:
    here, there = subscribe(store), subscribe(store, "https://other.example/feed", title="Other")
    (a,) = save(store, entry("a", "Notes on Qwen", "It is by Alibaba."), feed=here)
    (b,) = save(store, entry("b", "Qwen again", "Only Qwen."), feed=here)
    (c,) = save(store, entry("c", "Qwen elsewhere", "Only Qwen."), feed=there)
    again(store, taxonomy)
    changed = store.vetoes.add(Veto("company", "alibaba", "Qwen", here.id), where="in Harbour Weekly", now=NOW)
    assert changed == 2
    assert [companies(store, each) for each in (a, b, c)] == [("alibaba",), (), ("alibaba",)]
    assert {each.alias for tag in store.tags.of(a) if tag.kind == "company" for each in tag.evidence} == {"Alibaba"}
    again(store, taxonomy)
    assert [companies(store, each) for each in (a, b, c)] == [("alibaba",), (), ("alibaba",)]
    (d,) = save(store, entry("d", "Qwen once more", "Only Qwen."), feed=here)
    again(store, taxonomy)
    assert companies(store, d) == ()
    undone = store.undo(later(minutes=1))
    assert undone is not None
    assert undone.description == "“Qwen” is not Alibaba in Harbour Weekly"
    assert companies(store, b) == ("alibaba",)
    assert store.vetoes.all() == ()
    again(store, taxonomy)
    assert companies(store, d) == ("alibaba",)


def test_a_veto_for_ever_holds_in_all_feeds(store: Store, taxonomy: Taxonomy) -> None:
    here, there = subscribe(store), subscribe(store, "https://other.example/feed", title="Other")
    (a,) = save(store, entry("a", "Only Qwen", "Qwen."), feed=here)
    (b,) = save(store, entry("b", "Only Qwen", "Qwen."), feed=there)
    again(store, taxonomy)
    assert store.vetoes.add(Veto("company", "alibaba", "Qwen"), where="anywhere", now=NOW) == 2
    tagged, changes = again(store, taxonomy)
    assert (tagged, [change.new for change in changes if ("company", "alibaba") in change.new]) == (2, [])
    assert [companies(store, each) for each in (a, b)] == [(), ()]


def test_a_veto_of_a_cue_takes_a_topic_away(store: Store, taxonomy: Taxonomy) -> None:
    (a,) = save(store, entry("a", "OpenAI opens", "A robot greets."))
    again(store, taxonomy)
    assert "robotics" in store.entries.rows([a])[0].topics
    store.vetoes.add(Veto("topic", "robotics", "robot"), where="anywhere", now=NOW)
    again(store, taxonomy, all=True)
    assert "robotics" not in store.entries.rows([a])[0].topics
