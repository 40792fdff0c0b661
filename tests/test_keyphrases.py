"""Key phrases of a paper, themes of a digest, and what is newly frequent."""

import json
import lzma
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formatters.text import readable
from jobs.keyphrases import MOST, empty, key_of, keyphrases
from jobs.themes import Theme, rising, themes
from storage.models import PaperId


def listed(*papers: tuple[str, ...]) -> list[tuple[PaperId, tuple[str, ...]]]:
    return [(PaperId(f"2602.{n:05}"), phrases) for n, phrases in enumerate(papers)]


def told(found: tuple[Theme, ...]) -> list[tuple[str, int]]:
    return [(theme.phrase, theme.count) for theme in found]


def test_a_paper_is_told_by_phrases_and_the_fields_terms() -> None:
    found = keyphrases(
        "Shoreline Video Compression with Diffusion Models",
        "We present a novel framework for shoreline video compression. Diffusion models decode"
        " the tide masks; GRPO trains them. Tide masks are small.",
    )
    assert found[0] == "diffusion models"
    assert "shoreline video compression" in found
    assert "tide masks" in found
    assert "GRPO" in found


@pytest.mark.parametrize(
    "junk",
    [
        "Extensive experiments show state-of-the-art performance.",
        "The proposed method outperforms existing baselines.",
        "We introduce a novel framework.",
        "Our code is publicly available.",
        "Large language models and deep learning have achieved remarkable success.",
    ],
)
def test_what_every_abstract_says_is_no_key_phrase(junk: str) -> None:
    assert keyphrases("", junk) == ()


def test_forms_of_a_phrase_count_as_one() -> None:
    forms = ("vision-language model", "Vision Language Models", "VLMs", "VLM")
    assert len({key_of(form) for form in forms}) == 1
    assert key_of("3DGS") == key_of("3D Gaussian Splatting")
    assert key_of("policies") == key_of("policy")


def test_a_phrase_is_shown_as_the_paper_mostly_writes_it() -> None:
    found = keyphrases("Tide Masks", "A tide mask helps. Tide masks are small; tide masks float.")
    assert found == ("tide masks",)


def test_acronyms_keep_their_capitals_and_hyphens_stay() -> None:
    found = keyphrases("LLM-Guided Tide Masks", "LoRA and 3DGS meet low-rank tide-mask pruning.")
    assert "LLM-guided tide masks" in found
    assert {"LoRA", "3DGS"} <= set(found)


def test_the_papers_own_name_is_no_key_phrase() -> None:
    found = keyphrases("WADER: Shoreline Counting", "WADER counts. WADER is fast.")
    assert "WADER" not in found


@given(title=st.text(max_size=80), abstract=st.text(max_size=300))
def test_any_text_has_at_most_eight_key_phrases_once_each(title: str, abstract: str) -> None:
    found = keyphrases(title, abstract)
    assert len(found) <= MOST
    assert len({key_of(phrase) for phrase in found}) == len(found)
    source = f"{readable(title)} {readable(abstract)}".casefold()
    assert all(word.casefold() in source for phrase in found for word in phrase.split())


def test_a_theme_counts_its_papers_and_names_them() -> None:
    papers = listed(
        ("tide masks",), ("Tide mask", "reed belts"), ("tide masks",), ("boats at sea",)
    )
    assert themes(papers) == (Theme("tide masks", 3, (papers[0][0], papers[1][0], papers[2][0])),)


def test_a_longer_phrase_counts_for_the_shorter_within_it() -> None:
    papers = listed(("visual token",), ("visual token",), ("visual token compression",))
    assert told(themes(papers)) == [("visual token", 3)]


def test_the_more_specific_phrase_wins_where_it_has_nearly_as_many_papers() -> None:
    longer = ("tide mask growth",)
    assert told(themes(listed(longer, longer, longer, ("tide mask",)))) == [("tide mask growth", 3)]
    assert told(themes(listed(longer, longer, ("tide mask",), ("tide mask",)))) == [
        ("tide mask", 4)
    ]


def test_a_phrase_of_one_paper_is_no_theme() -> None:
    assert themes(listed(("tide masks",), ("reed belts",))) == ()
    assert themes([]) == ()


def test_a_second_theme_adds_papers() -> None:
    twins = ("tide masks", "reed belts")
    papers = listed(twins, twins, twins, ("salt marshes",), ("salt marshes",))
    assert [theme.count for theme in themes(papers)] == [3, 2]


def test_the_topics_own_name_is_no_theme() -> None:
    papers = listed(*[("3DGS", "3D Gaussian splatting", "surface reconstruction")] * 3)
    assert told(themes(papers, excluding=("gaussian splatting",))) == [
        ("surface reconstruction", 3)
    ]


def test_at_most_the_limit_of_themes_is_given() -> None:
    papers = listed(*[(f"tide {name}",) for name in ("mask", "pool", "gate", "clock") * 2])
    assert len(themes(papers, limit=3)) == 3


def test_a_phrase_that_is_suddenly_frequent_rises() -> None:
    today = {"tide masks": 9, "reed belts": 10}
    before = {"tide mask": 4, "reed belts": 95}
    assert rising(today, before, papers_today=100, papers_before=1000) == ("tide masks",)


def test_two_papers_are_no_rise() -> None:
    assert rising({"tide masks": 2}, {}, papers_today=100, papers_before=1000) == ()


def test_nothing_rises_without_history() -> None:
    assert rising({"tide masks": 50}, {}, papers_today=100, papers_before=0) == ()
    assert rising({"tide masks": 50}, {}, papers_today=100, papers_before=60) == ()


def test_a_rise_is_told_once_and_within_the_limit() -> None:
    today = {"tide masks": 30, "small tide masks": 29, "reed belts": 20, "salt marshes": 12}
    found = rising(today, {}, papers_today=100, papers_before=1000, limit=2)
    assert found == ("tide masks", "reed belts")


@pytest.mark.real_data
def test_the_themes_of_a_real_day_are_the_fields_terms(real_data: Path) -> None:
    with lzma.open(real_data / "papers" / "announced-2026-q1.json.xz", "rt") as file:
        day = set(json.load(file)["2026-02-17"])
    with lzma.open(real_data / "papers" / "papers-2026-q1.jsonl.xz", "rt") as lines:
        found = [record for record in map(json.loads, lines) if record["id"] in day]
    papers = [
        (PaperId(record["id"]), keyphrases(record["title"], record["abstract"]))
        for record in found
        if "multimodal" in f"{record['title']} {record['abstract']}".casefold()
    ]
    shown = themes(papers, excluding=("multimodal",))
    assert len(shown) == 4
    assert {key_of("MLLMs"), key_of("VLMs")} <= {key_of(theme.phrase) for theme in shown}
    assert not any(empty(key_of(theme.phrase)) for theme in shown)
    covered = set().union(*(theme.papers for theme in shown))
    assert len(covered) > len(papers) / 3
