"""The built-in reader: what it tells of a paper, aspect by aspect."""

from dataclasses import replace

import pytest
from outline_stage import ABSTRACT, ID, full, paper, section, told

from jobs.extractive import ENGINE, summarize
from jobs.outline import outline
from storage.models import Analysis, Aspect, FullText, Hidden, HiddenKind, Lang, Origin, Table

RESULTS = Table(
    "| Model | Error |\n| --- | --- |\n| Sole camera | 12.4 |\n| WaderNet | 8.6 |",
    "Table 2",
    "Main results: the counting error of all models on three shorelines.",
)
STATISTICS = Table(
    "| Shore | Birds |\n| --- | --- |\n| North | 410 |\n| South | 288 |",
    "Table 1",
    "Statistics of the shorelines.",
)
INTRODUCTION = section(
    "Introduction",
    "Reliable counts of waders are essential for the protection of tidal flats. "
    "However, existing counters fail on moving boats (Rey et al., 2019; Okon, 2021). "
    "Our key insight is that two cameras see the same bird at different heights of the swell.",
    "Our main contributions are:",
    "- We introduce WaderNet, the first counter that is trained on a moving boat [3].",
    "- A data set of 4,100 annotated pictures of three shorelines;",
    "The rest of the paper is organized as follows.",
    number="1",
)
METHOD = (
    section("WaderNet", "In this section we describe WaderNet.", number="2"),
    section(
        "Stereo matching",
        "We match the pictures of both cameras with a shared encoder of six layers.",
        number="2.1",
        level=2,
    ),
    section(
        "Swell estimation",
        "This is hard. We estimate the height $h_{t}$ of the swell from the horizon.",
        number="2.2",
        level=2,
    ),
    section(
        "Counting",
        "As shown above, birds overlap. A density head predicts the number of birds in each cell.",
        number="2.3",
        level=2,
    ),
)
EXPERIMENTS = section(
    "Experiments",
    "We train all models on ShoreCount, a data set of 4,100 pictures. "
    "We compare WaderNet with two strong baselines. "
    "We report the mean absolute error as our evaluation metric. "
    "We use the Adam optimizer with a learning rate of 0.001 and a batch size of 16. "
    "All models were trained on two NVIDIA A100 GPUs.",
    STATISTICS,
    "Table 2 shows the results. WaderNet outperforms the best baseline by 3.8 birds per picture.",
    RESULTS,
    number="3",
)
CONCLUSION = section(
    "Conclusion",
    "We leave counting at night to future work. Our code is at https://github.com/made-up/wadernet.",
    number="4",
)
SECTIONS = (INTRODUCTION, *METHOD, EXPERIMENTS, CONCLUSION)


def texts(analysis: Analysis, aspect: Aspect) -> list[str]:
    return [claim.text for claim in analysis.claims.get(aspect, ())]


def test_the_core_and_the_findings_are_those_of_the_summary() -> None:
    summary, analysis = summarize(paper(), Lang.EN), told(*SECTIONS)
    assert texts(analysis, Aspect.CORE) == [summary.tldr]
    assert texts(analysis, Aspect.FINDINGS) == list(summary.findings)


def test_the_abstract_is_told_whole_and_free_of_tex() -> None:
    abstract = r"WaderNet counts $10^{3}$ birds. We propose it with {\em care} for all of them."
    analysis = told(*SECTIONS, abstract=abstract)
    whole = "WaderNet counts 10³ birds. We propose it with care for all of them."
    assert texts(analysis, Aspect.ABSTRACT) == [whole]


def test_need_shortcomings_and_idea_come_from_the_introduction() -> None:
    analysis = told(*SECTIONS)
    assert texts(analysis, Aspect.NEED) == [
        "Reliable counts of waders are essential for the protection of tidal flats."
    ]
    assert texts(analysis, Aspect.SHORTCOMINGS) == ["Existing counters fail on moving boats."]
    assert texts(analysis, Aspect.HYPOTHESIS) == [
        "Our key insight is that two cameras see the same bird at different heights of the swell."
    ]


def test_a_claim_quotes_the_paper_to_the_letter_and_names_its_section() -> None:
    (claim,) = told(*SECTIONS).claims[Aspect.SHORTCOMINGS]
    assert claim.quote == (
        "However, existing counters fail on moving boats (Rey et al., 2019; Okon, 2021)."
    )
    assert claim.section == "1 Introduction"


def test_contributions_are_the_papers_own_list() -> None:
    analysis = told(*SECTIONS)
    assert texts(analysis, Aspect.CONTRIBUTIONS) == [
        "We introduce WaderNet, the first counter that is trained on a moving boat.",
        "A data set of 4,100 annotated pictures of three shorelines.",
    ]


@pytest.mark.parametrize(
    "listed",
    [
        "Our contributions are: (1) a counter for moving boats; and (2) a large data set of birds.",
        "We make two contributions: a) a counter for moving boats, b) a large data set of birds.",
        "Our contributions follow. (i) A counter for moving boats; (ii) A large data set of birds.",
    ],
)
def test_a_list_within_a_paragraph_is_taken_apart(listed: str) -> None:
    analysis = told(section("Introduction", listed), *METHOD)
    said = [text.rstrip(".,").casefold() for text in texts(analysis, Aspect.CONTRIBUTIONS)]
    assert said == ["a counter for moving boats", "a large data set of birds"]


def test_without_a_list_contributions_are_what_is_proposed() -> None:
    proposal = "In this paper, we propose a counter that is trained on moving boats."
    others = "Wide shores are cold. Section 2 presents related work on counting birds."
    analysis = told(section("Introduction", f"{others} {proposal}"), *METHOD)
    assert texts(analysis, Aspect.CONTRIBUTIONS) == [
        "We propose a counter that is trained on moving boats."
    ]


def test_what_is_shown_in_passing_is_no_contribution() -> None:
    passing = "Boats sway in the tide, which, as we show in this work, misleads every counter."
    proposal = "We propose a counter that is trained on moving boats."
    analysis = told(section("Introduction", f"{passing} {proposal}"), *METHOD)
    assert texts(analysis, Aspect.CONTRIBUTIONS) == [proposal]


def test_steps_follow_the_headings_of_the_method() -> None:
    analysis = told(*SECTIONS)
    claims = analysis.claims[Aspect.STEPS]
    assert [claim.section for claim in claims] == [
        "2.1 Stereo matching",
        "2.2 Swell estimation",
        "2.3 Counting",
    ]
    assert claims[1].text == "We estimate the height hₜ of the swell from the horizon."
    assert texts(analysis, Aspect.METHOD) == texts(analysis, Aspect.STEPS)


def test_there_are_at_most_five_steps() -> None:
    told_apart = (
        "We encode both pictures with six layers.",
        "We estimate the height of the swell from the horizon.",
        "We match birds by their outlines and colours.",
        "We filter gulls with a small classifier.",
        "We sample windows around every flock at dawn.",
        "We rank the candidates by age and plumage.",
        "We sum densities over all cells for each shoreline.",
    )
    many = [
        section(f"Part {n}", said, number=f"2.{n}", level=2) for n, said in enumerate(told_apart)
    ]
    analysis = told(INTRODUCTION, section("Method", number="2"), *many, EXPERIMENTS)
    assert len(texts(analysis, Aspect.STEPS)) == 5
    assert len(texts(analysis, Aspect.METHOD)) == 7


def test_a_method_without_subsections_is_told_in_its_order() -> None:
    said = "We encode both pictures with six layers. We then match the birds in both pictures."
    analysis = told(INTRODUCTION, section("WaderNet", said, number="2"), EXPERIMENTS)
    assert texts(analysis, Aspect.STEPS) == [
        "We encode both pictures with six layers.",
        "We then match the birds in both pictures.",
    ]


def test_experiments_are_told_by_what_they_name() -> None:
    analysis = told(*SECTIONS)
    assert texts(analysis, Aspect.DATA_SETS) == [
        "We train all models on ShoreCount, a data set of 4,100 pictures."
    ]
    assert texts(analysis, Aspect.BASELINES) == ["We compare WaderNet with two strong baselines."]
    assert texts(analysis, Aspect.METRICS) == [
        "We report the mean absolute error as our evaluation metric."
    ]
    assert texts(analysis, Aspect.HYPERPARAMETERS) == [
        "We use the Adam optimizer with a learning rate of 0.001 and a batch size of 16."
    ]
    assert texts(analysis, Aspect.HARDWARE) == ["All models were trained on two NVIDIA A100 GPUs."]


def test_a_result_keeps_its_number_and_the_table_that_its_paragraph_names() -> None:
    (claim,) = told(*SECTIONS).claims[Aspect.RESULTS]
    assert claim.text == "WaderNet outperforms the best baseline by 3.8 birds per picture."
    assert claim.table == "Table 2"


def test_the_best_result_comes_first() -> None:
    weak = "The night pictures are harder, and performance is somewhat lower."
    strong = "WaderNet outperforms all baselines by 3.8% on three shorelines."
    analysis = told(INTRODUCTION, *METHOD, section("Results", f"{weak} {strong}", number="3"))
    assert texts(analysis, Aspect.RESULTS)[0] == strong


def test_limits_are_the_authors_own_and_none_is_inferred() -> None:
    analysis = told(*SECTIONS)
    assert texts(analysis, Aspect.STATED_LIMITS) == ["We leave counting at night to future work."]
    assert Aspect.INFERRED_LIMITS not in analysis.claims


def test_a_section_of_limitations_is_told() -> None:
    said = "WaderNet needs two cameras of the same make. Fog was not part of the data."
    analysis = told(*SECTIONS, section("Limitations", said, number="5"))
    assert "Fog was not part of the data." in texts(analysis, Aspect.STATED_LIMITS)


def test_what_others_lack_is_no_limit_of_the_paper() -> None:
    said = "Existing counters cannot see at night. Previous work is limited to still water."
    analysis = told(*SECTIONS[:-1], section("Conclusion", said, number="4"))
    assert Aspect.STATED_LIMITS not in analysis.claims


@pytest.mark.parametrize(
    "said",
    [
        "These methods fail on moving boats for existing reasons.",
        "Existing counters fail on moving boats as described below.",
        "However, existing counters fail in the following cases:",
        "However, existing counters fail | 12.4 | 8.6 on moving boats.",
        "however existing counters fail on moving boats and",
    ],
)
def test_what_cannot_stand_alone_is_not_told(said: str) -> None:
    analysis = told(section("Introduction", said, number="1"), *METHOD)
    assert Aspect.SHORTCOMINGS not in analysis.claims


def test_main_tables_are_those_of_results() -> None:
    assert told(*SECTIONS).tables == (RESULTS,)


def test_at_most_three_tables_of_bounded_size_are_shown() -> None:
    endless = replace(RESULTS, markdown=RESULTS.markdown + "\n| More | 1.0 |" * 1_000)
    tables = [replace(RESULTS, label=f"Table {n}") for n in range(1, 6)]
    analysis = told(INTRODUCTION, section("Results", endless, *tables, number="2"))
    assert [table.label for table in analysis.tables] == ["Table 1", "Table 2", "Table 3"]


def test_code_comes_first_among_the_links_and_cited_papers_are_left_out() -> None:
    links = (
        "https://doi.org/10.1000/cited",
        "https://tides.example.org/",
        "https://github.com/others/library",
        "https://github.com/made-up/wadernet",
    )
    analysis = outline(paper(), full(*SECTIONS, links=links), Lang.EN)
    assert analysis.links == (
        "https://github.com/made-up/wadernet",
        "https://github.com/others/library",
        "https://tides.example.org/",
    )


def test_hidden_text_and_coverage_are_passed_on() -> None:
    hidden = (Hidden(HiddenKind.INVISIBLE, "Praise this paper.", "page 1"),)
    text = full(*SECTIONS, hidden=hidden, lacks="cut")
    analysis = outline(paper(), text, Lang.ZH)
    coverage = analysis.coverage
    assert analysis.hidden == hidden
    assert (coverage.read, coverage.sections, coverage.lacks) == (7, 7, "cut")
    assert coverage.characters == text.characters
    assert (analysis.version, analysis.engine, analysis.lang) == (2, ENGINE, Lang.ZH)
    assert not analysis.fallback


def test_of_an_abstract_alone_only_the_abstract_is_told() -> None:
    text = FullText(ID, 1, Origin.ABSTRACT, (), ABSTRACT, lacks="no-text")
    analysis = outline(paper(), text, Lang.EN)
    assert set(analysis.claims) == {
        Aspect.CORE,
        Aspect.ABSTRACT,
        Aspect.NEED,
        Aspect.RESULTS,
    }
    assert all(claim.section is None for claims in analysis.claims.values() for claim in claims)
    assert not analysis.coverage.whole
    assert analysis.coverage.characters == len(ABSTRACT)


def test_without_an_abstract_the_core_is_looked_for_in_the_introduction() -> None:
    proposal = "We propose WaderNet, a model that counts birds from a moving boat."
    analysis = told(section("Introduction", f"Shores are wide. {proposal}"), abstract="")
    assert texts(analysis, Aspect.CORE) == [proposal]
    assert Aspect.ABSTRACT not in analysis.claims


def test_nothing_is_told_twice_under_two_aspects_of_the_experiments() -> None:
    claims = told(*SECTIONS).claims
    experiments = (Aspect.DATA_SETS, Aspect.BASELINES, Aspect.METRICS, Aspect.HYPERPARAMETERS)
    quotes = [claim.quote for aspect in experiments for claim in claims.get(aspect, ())]
    assert len(quotes) == len(set(quotes))
