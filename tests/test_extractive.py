"""The built-in engine: what it quotes of an abstract, and that it never fails."""

import json
import lzma
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formatters.text import readable, sentences
from jobs.extractive import FINDING_WORDS, MOST_FINDINGS, TLDR_WORDS, summarize
from jobs.openers import dangles, freed, unframed
from jobs.shortening import length, shortened
from storage.models import Lang, Paper, PaperId, Summary

BACKGROUND = "Counting birds on a moving shoreline is important for coastal planning."
PROPOSES = "We propose WaderNet, a two-camera model that counts birds from a moving boat."
RESULT = "WaderNet lowers the counting error by 31% on three shorelines."


def paper(abstract: str, title: str = "WaderNet: Counting Birds from a Boat") -> Paper:
    return Paper(PaperId("2602.00001"), 1, title, abstract, (), "cs.CV", ("cs.CV",))


def summary_of(*said: str, title: str = "WaderNet: Counting Birds from a Boat") -> Summary:
    return summarize(paper(" ".join(said), title), Lang.EN)


def words(text: str) -> list[str]:
    return re.findall(r"\w", text.casefold())


def occurs_in_order(part: str, whole: str) -> bool:
    left = iter(words(whole))
    return all(word in left for word in words(part))


def test_the_tldr_is_what_the_authors_propose() -> None:
    assert summary_of(BACKGROUND, PROPOSES, RESULT).tldr == PROPOSES


def test_the_result_is_a_finding_and_the_background_is_not() -> None:
    assert summary_of(BACKGROUND, PROPOSES, RESULT).findings == (RESULT,)


def test_a_summary_records_engine_version_and_language() -> None:
    summary = summarize(paper(PROPOSES), Lang.ZH)
    assert (summary.engine, summary.version, summary.lang) == ("built-in", 1, Lang.ZH)
    assert not summary.fallback


def test_without_a_contribution_the_tldr_is_what_was_shown() -> None:
    shown = "We show that counting from a boat is as accurate as counting from the shore."
    assert summary_of(BACKGROUND, shown).tldr == shown


def test_findings_keep_the_order_of_the_abstract() -> None:
    resource = "We release 40 hours of annotated video."
    more = "It is fast. However, WaderNet improves recall by 12% at dusk."
    assert summary_of(PROPOSES, resource, RESULT, more).findings == (
        resource,
        RESULT,
        "WaderNet improves recall by 12% at dusk.",
    )


def test_an_opener_that_points_backwards_is_cut_where_a_sentence_remains() -> None:
    tail = "we propose a smaller model."
    for opener in (
        "In this paper, ",
        "In this paper ",
        "However, ",
        "To address this issue, ",
        "To address these challenges, in this work, ",
        "Motivated by these findings, ",
        "Specifically, ",
    ):
        assert freed(opener + tail) == "We propose a smaller model.", opener


def test_a_condition_is_no_opener() -> None:
    sentence = "In these settings, agents fail to count."
    assert freed(sentence) == sentence


def test_names_that_begin_small_stay_small() -> None:
    assert freed("However, k-means fails on shorelines.") == "k-means fails on shorelines."


def test_a_reporting_frame_is_cut_from_a_finding_but_a_hedge_is_not() -> None:
    assert unframed("Extensive experiments show that A beats B on tides.") == "A beats B on tides."
    hedged = "The results suggest that A beats B on tides."
    assert unframed(hedged) == hedged


@pytest.mark.parametrize(
    "sentence",
    ["It works.", "These counts help.", "However, it fails.", "This method works.", "They fly."],
)
def test_a_sentence_without_its_antecedent_dangles(sentence: str) -> None:
    assert dangles(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["This paper counts birds.", "This survey is long.", "Items are counted.", "We count birds."],
)
def test_a_sentence_that_stands_alone_does_not_dangle(sentence: str) -> None:
    assert not dangles(sentence)


def test_a_dangling_sentence_is_quoted_only_when_there_is_nothing_else() -> None:
    summary = summary_of("It counts birds with two cameras.", "Birds are counted from a boat.")
    assert summary.tldr == "Birds are counted from a boat."
    assert summary_of("It counts birds with two cameras.").tldr.startswith("It counts")


def test_a_long_sentence_ends_at_a_clause() -> None:
    long = (
        "We propose WaderNet, a model that counts wading birds from the deck of a moving boat,"
        " which removes the need for a fixed tower and for the long and costly campaigns that"
        " earlier surveys of the same shoreline had to organise every single spring."
    )
    assert shortened(long, 30) == (
        "We propose WaderNet, a model that counts wading birds from the deck of a moving boat."
    )


def test_without_a_clause_to_end_at_the_last_circumstances_are_left_out() -> None:
    long = (
        "We study wading birds, terns and gulls of every age and both sexes on three muddy and two"
        " sandy northern shorelines of one small island at dusk and dawn of every day in May."
    )
    assert shortened(long, 30) == (
        "We study wading birds, terns and gulls of every age and both sexes on three muddy and two"
        " sandy northern shorelines of one small island."
    )


def test_an_abbreviation_is_no_main_clause() -> None:
    long = "While counting has advanced, i.e., " + "birds are counted and " * 12 + "ringed."
    assert not shortened(long, 30).startswith("I.e.")
    assert not shortened(long, 30).startswith("i.e.")


def test_a_list_is_not_cut_in_its_middle() -> None:
    long = (
        "We compare models on three tasks: (1) counting wading birds from a boat; (2) telling"
        " juveniles from adults at a distance of more than one hundred metres; and (3) finding"
        " nests in reed belts from the air."
    )
    assert shortened(long, 30) == "We compare models on three tasks."


def test_what_has_no_clause_to_cut_at_says_that_it_was_cut() -> None:
    text = shortened(" ".join(["birds"] * 50), 30)
    assert text.endswith("…")
    assert length(text) <= 30


def test_a_chinese_abstract_is_split_at_its_own_marks() -> None:
    summary = summary_of(
        "鸟类计数对海岸规划十分重要。", "本文提出一种双目计数模型。", "实验表明误差降低31%。"
    )
    assert summary.tldr == "本文提出一种双目计数模型。"
    assert "实验表明误差降低31%。" in summary.findings


def test_a_chinese_tldr_has_at_most_sixty_characters() -> None:
    summary = summary_of("本文提出一种模型，" + "用于统计海岸鸟类的数量，" * 12 + "效果良好。")
    assert 0 < len(summary.tldr) <= 60


def test_a_withdrawal_is_the_tldr() -> None:
    withdrawal = "This paper has been withdrawn by the authors due to an error in Table 2."
    assert summary_of(PROPOSES, RESULT, withdrawal).tldr == withdrawal


def test_a_paper_without_an_abstract_is_told_by_its_title() -> None:
    summary = summary_of("", title="Counting Birds from a Boat")
    assert (summary.tldr, summary.findings) == ("Counting Birds from a Boat", ())


def test_one_sentence_leaves_no_findings() -> None:
    assert summary_of(PROPOSES).findings == ()


def test_a_french_abstract_is_quoted_in_french() -> None:
    french = "Nous comptons les oiseaux depuis un bateau. L'erreur baisse de 31% sur trois plages."
    assert occurs_in_order(summary_of(french).tldr, french)


ABSTRACTS = st.one_of(
    st.text(max_size=400),
    st.lists(
        st.sampled_from(
            [
                *("we", "propose", "However,", "It", "which", "improves", "(a)", "31%", "x,"),
                *("show", "that", "birds", "boat.", "—", ";", ":", "本文提出", "。", "k-means"),
                *("$x^2$", r"\emph{tide}", "-", "To address this,", "In this paper,", "…"),
            ]
        ),
        max_size=120,
    ).map(" ".join),
)


@given(title=st.text(max_size=80), abstract=ABSTRACTS)
def test_any_text_gives_a_quotation_within_the_limits(title: str, abstract: str) -> None:
    summary = summary_of(abstract, title=title)
    source = f"{readable(title)} {readable(abstract)}"
    assert len(summary.findings) <= MOST_FINDINGS
    assert length(summary.tldr) <= TLDR_WORDS
    assert occurs_in_order(summary.tldr, source)
    for finding in summary.findings:
        assert length(finding) <= FINDING_WORDS
        assert occurs_in_order(finding, source)
    assert summary.tldr or not words(source)


def records(file: Path) -> list[dict]:
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.mark.real_data
def test_real_papers_are_quoted_within_the_limits_and_never_dangle(real_data: Path) -> None:
    found = records(real_data / "papers" / "papers-2026-q1.jsonl.xz")[::7]
    broken = 0
    for record in found:
        summary = summary_of(record["abstract"], title=record["title"])
        source = readable(record["abstract"]) or readable(record["title"])
        stands = any(not dangles(freed(sentence)) for sentence in sentences(source))
        assert not (stands and dangles(summary.tldr)), summary.tldr
        assert len(summary.findings) < 2 or not any(map(dangles, summary.findings))
        assert length(summary.tldr) <= TLDR_WORDS
        assert occurs_in_order(summary.tldr, source)
        assert all(occurs_in_order(finding, source) for finding in summary.findings)
        broken += summary.tldr.endswith("…")
    assert broken < 0.002 * len(found)


def rouge_1(said: str, reference: str) -> float:
    """F1 of shared words."""
    ours, theirs = Counter(said), Counter(reference)
    return 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total())


def rouge_l(said: list[str], reference: list[str]) -> float:
    """F1 of the longest common subsequence."""
    row = [0] * (len(reference) + 1)
    for word in said:
        before = 0
        for at, other in enumerate(reference, start=1):
            longest = before + 1 if word == other else max(row[at], row[at - 1])
            before, row[at] = row[at], longest
    return 2 * row[-1] / max(1, len(said) + len(reference))


@pytest.mark.real_data
@pytest.mark.parametrize("measure", [rouge_1, rouge_l])
def test_the_tldr_is_nearer_to_human_ones_than_first_or_last_sentence(
    real_data: Path, measure
) -> None:
    found = records(real_data / "summaries" / "scitldr_A_dev.jsonl.xz")
    totals: Counter[str] = Counter()
    for record in found:
        source = record["source"]
        said = {
            "ours": summary_of(*source, title=record["title"] or "").tldr,
            "first": source[0],
            "last": source[-1],
        }
        targets = [re.findall(r"[a-z0-9]+", target.lower()) for target in record["target"]]
        for name, text in said.items():
            tokens = re.findall(r"[a-z0-9]+", text.lower())
            totals[name] += max(measure(tokens, target) for target in targets)
    baseline = max(totals["first"], totals["last"])
    assert totals["ours"] > 1.35 * baseline, {name: t / len(found) for name, t in totals.items()}
