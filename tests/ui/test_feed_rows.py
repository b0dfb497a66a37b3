from __future__ import annotations

import pytest

from tui_reader.ui.widgets.feed_rows import FeedRow, FeedRows


@pytest.mark.parametrize(
    ("label", "spark", "line"),
    [
        ("Baidu", "▂·▂▆▂██", "  Baidu        ▂·▂▆▂██ 39"),
        ("Moonshot AI", "▂·▂▆▂██", "  Moonshot AI  ▂·▂▆▂██ 39"),
        ("Moonshot AI Labs", "▂·▂▆▂██", "  Moonshot AI Labs     39"),
        ("Open source and weights", "▂·▂▆▂██", "  Open source and wei… 39"),
        ("Baidu", "·······", "  Baidu                39"),
    ],
)
def test_days_are_drawn_where_the_name_leaves_room_for_them(label: str, spark: str, line: str) -> None:
    row = FeedRow("tag", label, count=39, depth=1, spark=spark)
    (pieces,) = FeedRows([row]).lines(0, 25)
    assert "".join(text for text, _ in pieces) == line
