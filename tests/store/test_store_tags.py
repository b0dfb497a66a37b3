from __future__ import annotations

from pathlib import Path

import pytest
from samples import NOW, entry, later, save, subscribe

from tui_reader.errors import NotFoundError
from tui_reader.model import Evidence, Tag
from tui_reader.query import parse_query
from tui_reader.store import Store, open_store

QWEN = Evidence("Qwen", 2, 6, "title", "product")


def company(slug: str, *, mentioned: bool = False, evidence: tuple[Evidence, ...] = ()) -> Tag:
    return Tag("company", slug, slug, "mentioned" if mentioned else "primary", "machine", evidence, "v1")


def topic(slug: str) -> Tag:
    return Tag("topic", slug, slug)


def slugs(store: Store, entry_id: int) -> list[str]:
    return [tag.slug for tag in store.tags.of(entry_id)]


def ids(store: Store, query: str) -> list[int]:
    return list(store.entries.ids(store.condition(parse_query(query, now=NOW).term)))


def test_tags_carry_their_evidence_and_the_taxonomy(store: Store) -> None:
    (entry_id,) = save(store, entry("a", "发布Qwen3"))
    store.tags.save_names({("company", "alibaba"): "Alibaba"}, "v1")
    store.tags.save(entry_id, [company("alibaba", evidence=(QWEN,)), topic("chips")], "v1")
    alibaba, chips = store.entries.article(entry_id).tags
    assert alibaba == Tag("company", "alibaba", "Alibaba", "primary", "machine", (QWEN,), "v1")
    assert chips.name == "chips"


def test_primary_ones_come_first_and_rows_carry_the_slugs(store: Store) -> None:
    (entry_id,) = save(store, entry("a"))
    store.tags.save(entry_id, [company("aaa", mentioned=True), company("zzz"), topic("policy")], "v1")
    (row,) = store.entries.rows([entry_id])
    assert (row.companies, row.topics) == (("zzz", "aaa"), ("policy",))
    assert slugs(store, entry_id) == ["zzz", "aaa", "policy"]


def test_tagging_again_replaces_what_the_machine_said(store: Store) -> None:
    (entry_id,) = save(store, entry("a"))
    store.tags.save(entry_id, [company("old")], "v1")
    assert store.retagging.ids(other_than="v2") == (entry_id,)
    store.tags.save(entry_id, [company("new")], "v2")
    assert slugs(store, entry_id) == ["new"]
    assert store.retagging.ids(other_than="v2") == ()


def test_a_vetoed_tag_never_comes_back(db: Path) -> None:
    with open_store(db) as store:
        (entry_id,) = save(store, entry("a"))
        store.tags.save(entry_id, [company("apple"), company("huawei")], "v1")
        store.tags.take_away([entry_id], "company", "apple", now=NOW)
        assert slugs(store, entry_id) == ["huawei"]
    with open_store(db) as store:
        for version in ("v1", "v2"):
            store.tags.save(entry_id, [company("apple"), company("huawei")], version)
        assert slugs(store, entry_id) == ["huawei"]
        assert store.entries.rows([entry_id])[0].companies == ("huawei",)
        assert (ids(store, "company:apple"), ids(store, "company:huawei")) == ([], [entry_id])
        assert [each.slug for each in store.tags.counts("company")] == ["huawei"]


def test_many_entries_are_tagged_in_one_step_that_names_what_people_read(store: Store) -> None:
    a, b, c = save(store, entry("a"), entry("b"), entry("c", ""))
    store.tags.save_names({("company", "moonshot-ai"): "Moonshot AI"}, "v1")
    store.tags.give([a], "company", "moonshot-ai", now=NOW)
    assert store.tags.give([a, b, c, a], "company", "moonshot-ai", now=NOW) == 2
    assert store.tags.give([a, b], "company", "moonshot-ai", now=NOW) == 0
    assert store.tags.take_away([c], "company", "moonshot-ai", now=NOW) == 1
    assert store.tags.take_away([a], "label", "never given", now=NOW) == 0
    for told, left in (
        ("took the tag Moonshot AI from an entry", [a, b, c]),
        ("tagged 2 entries with Moonshot AI", [a]),
        ("tagged “Quarry Labs opens model a” with Moonshot AI", []),
    ):
        undone = store.undo(NOW)
        assert undone is not None
        assert undone.description == told
        assert sorted(ids(store, "company:moonshot-ai")) == left
    assert store.undo(NOW) is None


def test_an_entry_that_is_not_there_is_not_tagged(store: Store) -> None:
    (a,) = save(store, entry("a"))
    with pytest.raises(NotFoundError, match="no entry 99"):
        store.tags.give([a, 99, 10**25], "label", "x", now=NOW)
    assert store.tags.labels() == ()


def test_a_label_is_found_in_any_case_and_script(store: Store) -> None:
    (a,) = save(store, entry("a"))
    store.tags.give([a], "label", "HBM 記憶", now=NOW)
    for query in ('tag:"HBM 記憶"', 'tag:"hbm 记忆"'):
        assert ids(store, query) == [a]


def test_a_tag_by_hand_stays_whatever_the_machine_says(store: Store) -> None:
    (entry_id,) = save(store, entry("a"))
    store.tags.give([entry_id], "company", "smic", now=NOW)
    store.tags.save(entry_id, [company("smic", mentioned=True)], "v1")
    store.tags.save(entry_id, [], "v2")
    (tag,) = store.tags.of(entry_id)
    assert (tag.slug, tag.by, tag.salience, tag.taxonomy) == ("smic", "hand", "primary", "")


def test_corrections_are_undone_one_by_one(store: Store) -> None:
    (entry_id,) = save(store, entry("a"))
    store.tags.save(entry_id, [company("apple", evidence=(QWEN,))], "v1")
    store.tags.take_away([entry_id], "company", "apple", now=NOW)
    store.tags.give([entry_id], "label", "reread", now=later(minutes=1))
    undone = store.undo(NOW)
    assert undone is not None
    assert (undone.description, undone.entry_ids) == ("tagged “Quarry Labs opens model a” with reread", (entry_id,))
    store.undo(NOW)
    (tag,) = store.tags.of(entry_id)
    assert (tag.slug, tag.by, tag.evidence) == ("apple", "machine", (QWEN,))
    store.redo(NOW)
    assert slugs(store, entry_id) == []
    store.tags.give([entry_id], "company", "apple", now=NOW)
    assert slugs(store, entry_id) == ["apple"]


def test_counts_put_the_most_unread_first(store: Store) -> None:
    a, b, c = save(store, entry("a"), entry("b"), entry("c"))
    for entry_id, given in ((a, ["x", "y"]), (b, ["x", "y"]), (c, ["y"])):
        store.tags.save(entry_id, [company(slug) for slug in given], "v1")
    store.entries.mark([c], "read", value=True, now=NOW)
    counts = [(each.slug, each.unread, each.total) for each in store.tags.counts("company")]
    assert counts == [("y", 2, 3), ("x", 2, 2)]


def test_names_follow_the_taxonomy(store: Store) -> None:
    store.tags.save_names({("company", "a"): "Old", ("topic", "b"): "Gone"}, "v1")
    store.tags.save_names({("company", "a"): "Ignored"}, "v1")
    assert store.tags.names() == {("company", "a"): "Old", ("topic", "b"): "Gone"}
    store.tags.save_names({("company", "a"): "New"}, "v2")
    assert store.tags.names() == {("company", "a"): "New"}


def test_a_company_is_found_by_what_people_call_it(store: Store) -> None:
    (entry_id,) = save(store, entry("a"))
    store.tags.save(entry_id, [company("alibaba")], "v1")
    for name in ("alibaba", "Alibaba", "阿里巴巴"):
        assert ids(store, f"company:{name}") == [entry_id]


def test_labels_are_found_by_any_spelling(store: Store) -> None:
    (entry_id,) = save(store, entry("a"))
    store.tags.give([entry_id], "label", "重读", now=NOW)
    assert ids(store, "tag:重讀") == [entry_id]


def test_counts_stay_true_whatever_changes(db: Path) -> None:
    """Against a walk over all tags, after every kind of change; triggers keep the numbers that the screen shows."""
    with open_store(db) as store, open_store(db) as other:
        feed = subscribe(store)
        made = save(store, *(entry(str(number)) for number in range(6)), feed=feed)
        for number, entry_id in enumerate(made):
            store.tags.save(entry_id, [company("baidu"), company(("tencent", "zte", "smic")[number % 3])], "v1")

        def check() -> None:
            for kind in ("company", "label"):
                expected = store.database.rows(
                    "SELECT slug, sum(read = 0) AS unread, count(*) AS total FROM tags JOIN states USING (entry_id) "
                    "WHERE kind = ? AND vetoed = 0 AND swept = 0 GROUP BY slug",
                    (kind,),
                )
                wanted = {row["slug"]: (row["unread"], row["total"]) for row in expected}
                for each in (store, other):
                    assert {tag.slug: (tag.unread, tag.total) for tag in each.tags.counts(kind)} == wanted

        check()
        assert store.database.value("SELECT count(*) FROM tag_counts") == 4
        store.entries.mark(made[:4], "read", value=True, now=NOW)
        check()
        other.entries.mark(made[:1], "read", value=False, now=NOW)
        check()
        store.tags.take_away([made[0]], "company", "baidu", now=NOW)
        check()
        store.tags.give([made[0]], "label", "重读", now=NOW)
        check()
        store.undo(NOW)
        store.undo(NOW)
        check()
        store.tags.save(made[1], [company("alibaba")], "v2")
        store.tags.save(made[2], [], "v2")
        check()
        store.feeds.remove(store.feeds.all()[0], NOW)
        check()
        store.undo(NOW)
        check()
        with store.writing():
            store.database.run("DELETE FROM entries WHERE id = ?", (made[5],))
        check()
        (late,) = save(store, entry("late"), feed=feed)
        store.tags.save(late, [company("baidu")], "v2")
        check()
        assert store.database.value("SELECT count(*) FROM tag_counts") > 0


def test_many_changes_at_once_are_counted_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_reader.store.journal._MANY", 3)
    made = save(store, *(entry(str(number)) for number in range(6)))
    for entry_id in made:
        store.tags.save(entry_id, [company("baidu")], "v1")
    assert [(tag.unread, tag.total) for tag in store.tags.counts("company")] == [(6, 6)]
    store.entries.mark(made[:5], "read", value=True, now=NOW)
    assert store.database.value("SELECT count(*) FROM tag_counts") == 0
    assert [(tag.unread, tag.total) for tag in store.tags.counts("company")] == [(1, 6)]


def test_counting_waits_for_nobody(db: Path) -> None:
    with open_store(db, busy_seconds=0.0) as store, open_store(db) as other:
        (entry_id,) = save(store, entry("a"))
        store.tags.save(entry_id, [company("baidu")], "v1")
        with other.writing():
            assert [tag.slug for tag in store.tags.counts("company")] == ["baidu"]
        assert store.database.value("SELECT count(*) FROM tag_counts") == 0
        assert [tag.slug for tag in store.tags.counts("company")] == ["baidu"]
        assert store.database.value("SELECT count(*) FROM tag_counts") == 1


def test_many_entries_are_tagged_in_one_step(store: Store) -> None:
    one, two, three = save(store, entry("a", "One"), entry("b", "Two"), entry("c", "Three"))
    store.tags.save(one, [company("alibaba", evidence=(QWEN,))], "v1")
    store.tags.take_away([two], "company", "alibaba", now=NOW)
    assert store.tags.shared([one, two, three]) == {("company", "alibaba"): 1}
    assert store.tags.give_all([one, two, three, three], "company", "alibaba", now=NOW) == 2
    assert store.tags.shared([one, two, three]) == {("company", "alibaba"): 3}
    assert store.tags.of(one)[0].by == "machine"
    assert store.tags.take_all([one, two, three], "company", "alibaba", now=NOW) == 3
    assert store.tags.take_all([one, two, three], "company", "alibaba", now=NOW) == 0
    store.tags.save(three, [company("alibaba")], "v1")
    assert store.tags.shared([one, two, three]) == {}
    undone = store.undo(NOW)
    assert undone is not None
    assert undone.description == "removed the tag alibaba from 3 entries"
    store.undo(NOW)
    assert store.tags.shared([one, two, three]) == {("company", "alibaba"): 1}
    assert store.tags.of(one)[0].evidence == (QWEN,)


def test_a_label_leaves_many_entries_without_a_trace(store: Store) -> None:
    some = save(store, entry("a", "One"), entry("b", "Two"))
    store.tags.give_all(some, "label", "hbm", now=NOW)
    store.tags.take_all(some, "label", "hbm", now=NOW)
    assert store.tags.labels() == ()
    assert store.database.value("SELECT count(*) FROM tags WHERE slug = 'hbm'") == 0


def test_an_entry_knows_what_it_is_about_and_what_it_mentions(store: Store) -> None:
    (entry_id,) = save(store, entry("a"))
    mentioned = Tag("company", "alibaba", "Alibaba", salience="mentioned")
    store.tags.save(entry_id, [mentioned, company("baidu"), Tag("topic", "chips", "Chips")], "v1")
    (shown,) = store.entries.rows([entry_id])
    assert (shown.primary, shown.companies, shown.topics) == (("baidu",), ("baidu", "alibaba"), ("chips",))
