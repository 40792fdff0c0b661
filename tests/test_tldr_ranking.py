"""Which sentence becomes the TL;DR: by plain properties, weighted as people's choices taught."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.extractive import TLDR_WORDS, sentences_of
from jobs.shortening import length, trimmings
from jobs.tldr_claims import CLAIMS, PROPOSING, SHOWING, read
from jobs.tldr_ranking import best, choices, features, setting_of

TITLE = "WaderNet: Counting Birds from a Boat"
PROPOSES = "We propose WaderNet, a model that counts birds from a moving boat."


def chosen(*said: str, title: str = TITLE) -> str:
    return best(sentences_of(" ".join(said)), title, TLDR_WORDS)[1]


def found(*said: str, title: str = TITLE) -> list[dict[str, float]]:
    told = sentences_of(" ".join(said))
    setting = setting_of(told, title)
    return [dict(features(sentence, sentence.text, setting)) for sentence in told]


@pytest.mark.parametrize(
    ("sentence", "claim"),
    [
        ("We propose a model.", "propose"),
        ("This paper introduces a model.", "introduce"),
        ("The authors then derive a bound.", "prove"),
        ("We empirically demonstrate a gain.", "demonstrate"),
        ("A model for counting is proposed.", "propose"),
        ("Experiments show that A beats B on tides.", "show"),
        ("本文提出一种模型。", "propose"),
    ],
)
def test_a_claim_is_told_by_its_verb_in_active_or_passive_voice(sentence: str, claim: str) -> None:
    assert read(0, sentence).claims == {claim}


def test_what_others_did_is_no_claim() -> None:
    assert not read(0, "Birds were proposed to count themselves.").claims
    assert not read(0, "Recent work proposes a model.").claims


def test_of_two_claims_the_one_about_the_title_is_chosen() -> None:
    aside = "We present an overview of the shoreline's geology and its history."
    assert chosen(aside, PROPOSES) == PROPOSES
    assert chosen(PROPOSES, aside, title="Shoreline Geology and History") == aside


def test_a_sentence_that_points_at_another_gives_way() -> None:
    points = "We propose WaderNet, a model that solves these problems."
    assert chosen(points, PROPOSES) == PROPOSES


def test_background_gives_way_to_what_the_authors_did() -> None:
    background = "Most counting of birds has been done from towers on the shoreline."
    did = "We explore two cameras that count birds at dusk."
    assert chosen(background, did) == did


def test_a_passive_contribution_goes_before_the_background() -> None:
    background = "Birds on a moving shoreline are widely counted from towers."
    proposed = "A two-camera model for counting birds from a boat is proposed."
    assert chosen(background, proposed) == proposed


@pytest.mark.parametrize(
    "notice",
    ["Code for counting birds from a boat is available on our website.", "Can we count birds?"],
)
def test_a_notice_or_a_question_is_chosen_only_when_there_is_nothing_else(notice: str) -> None:
    other = "Nests were seen."
    assert chosen(notice, other) == other
    assert chosen(notice) == notice


def test_a_whole_sentence_is_chosen_before_one_that_has_to_be_broken_off() -> None:
    endless = "We propose " + " ".join(["wader"] * 40) + "."
    assert chosen(endless, "Birds are counted from a boat.") == "Birds are counted from a boat."
    assert chosen(endless).endswith("…")


def test_a_sentence_is_trimmed_only_of_parentheses_and_of_its_purpose() -> None:
    sentence = "To count waders (shorebirds) at dusk, we propose a model (WaderNet) with two eyes."
    assert trimmings(sentence, 30) == (
        sentence,
        "To count waders at dusk, we propose a model with two eyes.",
        "We propose a model (WaderNet) with two eyes.",
        "We propose a model with two eyes.",
    )


def test_a_place_is_told_by_the_first_claim() -> None:
    before, claim, after, later = found(
        "Birds are hard to count.", PROPOSES, "WaderNet has two cameras.", "Tides differ."
    )
    assert "first claim" in claim
    assert "next to the first claim" in after
    assert "after the first claim" in later
    assert "before the first claim" in before
    assert "no claim anywhere" in found("Birds are hard to count.")[0]


def test_the_titles_words_count_as_stems() -> None:
    (row,) = found("We counted bird after bird.", title="Counting Birds and Boats")
    assert row["title's words missing"] == pytest.approx(1 / 3)


def test_every_weight_belongs_to_a_property_and_no_claim_counts_twice() -> None:
    weights = tomllib.loads(files("jobs").joinpath("tldr_weights.toml").read_text("utf-8"))
    rows = found(
        "Recent methods are limited: (a) waders, and (b) terns.",
        "We propose WaderNet, the first method for counting birds from a boat (at sea).",
        *(
            f"We {claim} our new model by 3% in five stages, and it also has GPUs."
            for claim in CLAIMS
        ),
        "Our method outperforms these results " + "and many more birds " * 6 + "on the shore.",
        "Tides differ.",
    )
    rows += found(PROPOSES, "It differs.")
    told = {name for row in rows for name in row}
    told |= {"without lead", "without parenthesis", "no claim anywhere"}
    assert set(weights["weights"]) <= told
    assert not PROPOSING & SHOWING


@given(
    st.lists(
        st.sampled_from(["We propose", "(a)", "birds", "…", "these", "?", ". ", "31%", "鸟。"])
    )
)
def test_every_choice_fits(words: list[str]) -> None:
    told = sentences_of(" ".join(words))
    if told:
        assert all(length(text) <= TLDR_WORDS for _, text in choices(told, TLDR_WORDS))
