"""Highlights over, in and around each other: which become one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_reader.ui.screens.overlaps import Lying, Overlap, overlap

OLD = Lying("old", 10, 20, "")
CLAIM = Lying("claim", 10, 20, "claim")


@pytest.mark.parametrize(
    ("span", "kind", "other", "expected"),
    [
        ((10, 20), "", OLD, Overlap(10, 20, same="old")),
        ((10, 20), "fact", CLAIM, Overlap(10, 20, same="claim")),
        ((15, 25), "", OLD, Overlap(10, 25, joined=("old",))),
        ((5, 15), "", OLD, Overlap(5, 20, joined=("old",))),
        ((10, 25), "", OLD, Overlap(10, 25, joined=("old",))),
        ((5, 20), "", OLD, Overlap(5, 20, joined=("old",))),
        ((12, 18), "", OLD, Overlap(12, 18)),
        ((10, 15), "", OLD, Overlap(10, 15)),
        ((5, 25), "", OLD, Overlap(5, 25)),
        ((20, 30), "", OLD, Overlap(20, 30)),
        ((15, 25), "claim", OLD, Overlap(10, 25, joined=("old",))),
        ((15, 25), "", CLAIM, Overlap(10, 25, joined=("claim",))),
        ((15, 25), "number", CLAIM, Overlap(15, 25)),
    ],
)
def test_two(span: tuple[int, int], kind: str, other: Lying, expected: Overlap) -> None:
    assert overlap(*span, kind, [other]) == expected  # type: ignore[arg-type]


def test_a_chain_becomes_one_unless_the_kinds_differ() -> None:
    others = [Lying("a", 0, 10, ""), Lying("b", 15, 30, "fact"), Lying("c", 25, 40, ""), Lying("d", 35, 50, "claim")]
    assert overlap(5, 20, "", others) == Overlap(0, 40, joined=("a", "b", "c"))


spans = st.tuples(st.integers(0, 20), st.integers(1, 10)).map(lambda pair: (pair[0], sum(pair)))
kinds = st.sampled_from(["", "fact", "claim"])


@given(spans, kinds, st.lists(st.tuples(spans, kinds), max_size=5))
def test_the_new_one_covers_what_was_selected_and_all_that_it_joins(
    span: tuple[int, int], kind: str, marks: list[tuple[tuple[int, int], str]]
) -> None:
    others = [Lying(str(index), *where, of) for index, (where, of) in enumerate(marks)]  # type: ignore[arg-type]
    found = overlap(*span, kind, others)  # type: ignore[arg-type]
    joined = [each for each in others if each.id in found.joined]
    assert found.start == min(span[0], *(each.start for each in joined), span[0])
    assert found.end == max(span[1], *(each.end for each in joined), span[1])
    assert len({each.kind for each in joined if each.kind} | ({kind} - {""})) <= 1
    # Of those that are left, none crosses an edge of the new one, but for those of another kind.
    whole = kind or next((each.kind for each in joined if each.kind), "")
    for each in others if not found.same else ():
        crosses = found.start < each.start < found.end < each.end or each.start < found.start < each.end < found.end
        assert not (each not in joined and crosses and (not whole or not each.kind or each.kind == whole))
