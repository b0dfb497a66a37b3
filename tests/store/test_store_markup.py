"""Packed HTML comes back as it was, and never as nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from samples import entry, save

from tui_reader.store import Store
from tui_reader.store.markup import pack_html, unpack_html

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(html=TEXTS, text=TEXTS)
def test_what_is_packed_comes_back(html: str, text: str) -> None:
    assert unpack_html(pack_html(html, text), text) == html
    assert pack_html(html, text) == pack_html(html, text)


def test_an_article_takes_little_beside_its_text() -> None:
    words = " ".join(f"word{number}" for number in range(4000))
    for text, share in (("芯片" + words[:3000], 20), (words[:20_000], 20), (words, 3)):
        html = f"<p>{text[:1000]}</p><p>{text[1000:]}</p>"
        assert len(pack_html(html, text)) < len(html) / share
        assert unpack_html(pack_html(html, text), text) == html


@given(packed=st.binary(max_size=100), text=TEXTS)
def test_what_is_damaged_becomes_the_text(packed: bytes, text: str) -> None:
    unpack_html(packed, text)
    assert unpack_html(b"x" + packed, "a <b>\n\nc") == "<p>a &lt;b&gt;</p><p>c</p>"


def test_an_article_has_its_html(store: Store) -> None:
    html = '<p>The <a href="https://a.example/">weights</a> are free.</p>'
    (entry_id,) = save(store, entry("a", text="The weights are free.", html=html))
    assert store.entries.article(entry_id).html == html
    save(store, entry("a", text="The weights are free.", html="<p>The weights are free.</p>"))
    assert store.entries.article(entry_id).html == "<p>The weights are free.</p>"
