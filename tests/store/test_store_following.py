from __future__ import annotations

from datetime import timedelta

from samples import NOW, entry, later, save

from tui_reader.model import Tag
from tui_reader.store import Store


def tagged(store: Store, days_ago: int, *slugs: str, topic: str = "") -> int:
    at = NOW - timedelta(days=days_ago)
    (entry_id,) = save(store, entry(f"{days_ago}-{'-'.join(slugs)}-{topic}", published_at=at))
    tags = [Tag("company", slug, slug) for slug in slugs] + ([Tag("topic", topic, topic)] if topic else [])
    store.tags.save(entry_id, tags, "v1")
    return entry_id


def order(store: Store) -> list[str]:
    return [each.slug for each in store.following.counts("company", NOW)]


def test_days_end_today_and_the_weeks_before_are_the_usual_level(store: Store) -> None:
    for ago in (0, 0, 2, 6, 7, 20, 34, 35):
        save(store)
        tagged(store, ago, f"a{ago}" if ago == 35 else "a", topic=str(len(store.entries.by_guid())))
    (count,) = (each for each in store.following.counts("company", NOW) if each.slug == "a")
    assert count.days == (1, 0, 0, 0, 1, 0, 2)
    assert count.usual == 3 / 28


def test_undoing_a_pin_names_what_people_read(store: Store) -> None:
    store.tags.save_names({("company", "moonshot-ai"): "Moonshot AI"}, "v1")
    store.following.mark("company", "moonshot-ai", "pinned", now=NOW)
    undone = store.undo(NOW)
    assert undone is not None
    assert undone.description == "pinned Moonshot AI"


def test_pinned_ones_come_first_and_the_order_is_kept(store: Store) -> None:
    for ago in (10, 11, 12):
        tagged(store, ago, "steady")
    tagged(store, 0, "new")
    tagged(store, 9, "Big")
    assert order(store) == ["steady", "Big", "new"]
    store.following.sort_by("activity")
    assert order(store)[0] == "new"
    store.following.sort_by("name")
    assert order(store) == ["Big", "new", "steady"]
    store.following.mark("company", "steady", "pinned", now=NOW)
    assert order(store) == ["steady", "Big", "new"]


def test_marks_are_undone(store: Store) -> None:
    tagged(store, 0, "a")
    store.following.mark("company", "a", "hidden", now=NOW)
    store.following.mark("company", "a", "pinned", now=later(minutes=1))
    store.following.mark("company", "a", "pinned", now=later(minutes=2))
    marks = []
    for _ in range(3):
        marks.append(store.following.counts("company", NOW)[0].mark)
        store.undo(later(minutes=3))
    assert marks == ["pinned", "hidden", ""]


def test_what_goes_together_leaves_out_what_was_refused(store: Store) -> None:
    tagged(store, 0, "a", "b", topic="chips")
    tagged(store, 1, "a", "b", topic="robotics")
    refused = tagged(store, 2, "a", "c", topic="chips")
    store.tags.take_away([refused], "company", "c", now=NOW)
    together = store.following.together("company", "a", NOW)
    assert together is not None
    assert [(each.slug, each.total) for each in together.companies] == [("b", 2)]
    assert [(each.slug, each.total) for each in together.topics] == [("chips", 2), ("robotics", 1)]
    assert store.following.together("company", "nobody", NOW) is None
