"""The bundled taxonomy is sound, and a reader's own file extends it or is told what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_reader.errors import TaxonomyError
from tui_reader.tagging import Tagger, Taxonomy, load_taxonomy


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy()


def test_the_bundled_taxonomy_is_complete(taxonomy: Taxonomy) -> None:
    assert len(taxonomy.companies) == 166
    assert len(taxonomy.topics) == 38
    assert all(topic.zh for topic in taxonomy.topics.values())
    unknown = {maker for topic in taxonomy.topics.values() for maker in topic.makers} - taxonomy.companies.keys()
    assert not unknown


def test_given_names_are_among_the_names(taxonomy: Taxonomy) -> None:
    for company in taxonomy.companies.values():
        assert set(company.given) <= {*company.weak, *company.vague}, company.slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("alibaba", "alibaba"),
        ("ALIBABA", "alibaba"),
        ("阿里巴巴", "alibaba"),
        ("阿里", "alibaba"),
        ("qwen", "alibaba"),
        ("通義千問", "alibaba"),
        ("輝達", "nvidia"),
        ("moonshot ai", "moonshot-ai"),
        ("z.ai", "zhipu-ai"),
        ("gpt4o", "openai"),
        ("0700.HK", "tencent"),
        ("出口管制", "export-controls"),
        ("open source and open weights", "open-source"),
        ("nobody", None),
        ("", None),
    ],
)
def test_find(taxonomy: Taxonomy, text: str, slug: str | None) -> None:
    assert taxonomy.find(text) == slug


def test_nearest(taxonomy: Taxonomy) -> None:
    assert taxonomy.nearest("alibabba") == "alibaba"
    assert taxonomy.nearest("export-control") == "export-controls"
    assert taxonomy.nearest("xyzzyplugh") is None


def test_names_and_aliases(taxonomy: Taxonomy) -> None:
    assert taxonomy.name("openai") == "OpenAI"
    assert taxonomy.name("chips") == "Chips"
    assert taxonomy.name("gone") == "gone"
    assert {"Alibaba", "阿里巴巴", "Qwen", "通义千问"} <= set(taxonomy.aliases("alibaba"))
    assert "阿里" not in taxonomy.aliases("alibaba")
    assert taxonomy.aliases("chips") == ()


def write(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_own_file_adds_extends_and_mutes(tmp_path: Path, taxonomy: Taxonomy) -> None:
    own = write(
        tmp_path,
        """
        [companies.crusoe]
        name = "Crusoe"
        names = "Crusoe Energy"
        [companies.openai]
        products = "Zzyzx-1"
        [companies.disney]
        mute = true
        [topics.fusion]
        name = "Fusion"
        cues = "fusion reactor*"
        [words]
        ai = "superbrain"
        """,
    )
    extended = load_taxonomy(own)
    tags = Tagger(extended).tag("", "Crusoe Energy, Disney and Zzyzx-1 meet at fusion reactors")
    assert {tag.slug for tag in tags} == {"crusoe", "openai", "fusion"}
    assert extended.name("openai") == "OpenAI"
    assert "ChatGPT" in extended.companies["openai"].products
    assert extended.version != taxonomy.version


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[companies.acme]\nnames = "Acme"', "line 1: companies.acme: has no name"),
        ('[companies.acme]\nname = "Acme"\nprodukts = "A"', "unknown key produkts (did you mean products?)"),
        (
            '[companies.acme]\nname = "Acme"\nnames = "Qwen"',
            "line 3: companies.acme: names: Qwen already stands for alibaba",
        ),
        ('[companies.acme]\nname = "A"\n[companies.acme]\nname = "B"', "companies"),
        ('[companies.acme]\nname = "Acme"\nnames = ["Acme"]', "companies.acme: names: must be one string"),
        ("[companies.acme]\nname = 3", "line 2: companies.acme: name: must be a string"),
        ('[companies.acme]\nname = "Acme"\nnear = "foo* bar"', "a star may only end"),
        (
            '[companies.acme]\nname = "Acme"\nnever = "OpenAI"',
            "line 3: companies.acme: never: OpenAI stands for openai",
        ),
        ('[companies.chips]\nname = "Chips"', "chips: is both a company and a topic"),
        (
            '[topics.x]\nname = "X"\npairs = "only one side"',
            "line 3: topics.x: pairs: only one side: a pair is written left + right",
        ),
        ('[topics.x]\nname = "X"\npairs = "a| + b"', "topics.x: pairs: a| + b: a pair is written left + right"),
        (
            '[topics.x]\nname = "X"\npairs = "@modles + chip"',
            "topics.x: pairs: @modles: no such group (did you mean models?)",
        ),
        ('[company.acme]\nname = "Acme"', "unknown section [company] (did you mean companies?)"),
        (
            '# mine\n[companies.acme]\nname = "Acme"\n\nnames = "Acme Corp"\nproducts = "Window"',
            "line 6: companies.acme: products: Window is an everyday word: put it under weak or vague",
        ),
        ('[companies.acme]\nname = "Acme"\nnames = "苹果"', "line 3: companies.acme: names: 苹果 is an everyday word"),
        ('[companies.acme]\nname = "Acme"\nweak = "Kimi"', "Kimi may mean moonshot-ai too: near must tell them apart"),
        ('[companies.acme]\nname = "Acme"\naround = "assistent"', "line 3: companies.acme: around: assistent: no such"),
        ("[words]\nmine = 3", "line 2: words: mine: must be one string"),
        ("companies = 3", "unknown section [companies]"),
        ("[companies", "own.toml: "),
    ],
)
def test_mistakes_name_file_and_entry(tmp_path: Path, text: str, message: str) -> None:
    own = write(tmp_path, text)
    with pytest.raises(TaxonomyError) as caught:
        load_taxonomy(own)
    assert str(own) in str(caught.value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_doubtful_name_may_be_shared_where_the_context_tells_whose_it_is(tmp_path: Path) -> None:
    own = write(tmp_path, '[companies.acme]\nname = "Acme Karts"\nweak = "Kimi"\nnear = "kart*"')
    tagger = Tagger(load_taxonomy(own))
    assert "acme" in {tag.slug for tag in tagger.tag("", "Kimi has fast karts")}


def test_a_missing_or_binary_file_is_a_taxonomy_error(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match="cannot be read"):
        load_taxonomy(tmp_path / "none.toml")
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TaxonomyError, match="not UTF-8"):
        load_taxonomy(binary)
