"""What each section is for, and sentences of a full text made readable."""

import pytest

from jobs.outline.reading import sentences_in, statements, table_in
from jobs.outline.roles import Role, roles_of
from jobs.outline.wording import held_to, plain, standing_alone, without_heading
from storage.models import FullText, Origin, PaperId, Paragraph, Section


def spans(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences_in(text)]


def roles(*titles: str) -> list[Role]:
    return list(roles_of([Section(title) for title in titles]))


def test_headings_tell_what_a_section_is_for() -> None:
    assert roles(
        "Introduction", "Related Work", "Experimental Setup", "Results", "Limitations"
    ) == [
        Role.INTRODUCTION,
        Role.RELATED,
        Role.SETUP,
        Role.RESULTS,
        Role.LIMITS,
    ]


def test_what_stands_before_the_experiments_is_the_method() -> None:
    titles = ("Introduction", "WaderNet", "Counting on Boats", "Experiments", "At Night", "Summary")
    assert roles(*titles)[1:3] == [Role.METHOD, Role.METHOD]
    assert roles(*titles)[4] is Role.RESULTS


def test_subsections_are_for_what_their_section_is_for() -> None:
    sections = (
        Section("Introduction"),
        Section("WaderNet"),
        Section("Overview", level=2),
        Section("Results"),
        Section("On North Shore", level=2),
    )
    assert roles_of(sections)[2] is Role.METHOD
    assert roles_of(sections)[4] is Role.RESULTS


def test_an_appendix_holds_no_main_results() -> None:
    sections = (
        Section("Results"),
        Section("Further Results", "A", appendix=True),
        Section("Proofs", "B", appendix=True),
    )
    assert roles_of(sections)[1:] == (Role.OTHER, Role.OTHER)


@pytest.mark.parametrize(
    ("quote", "read"),
    [
        ("Boats move (Rey et al., 2019; Okon and Weng, 2021a).", "Boats move."),
        ("Boats move (see, e.g., Rey, 2019) a lot.", "Boats move a lot."),
        ("Boats move [12, 13] and sway [7].", "Boats move and sway."),
        ("We move as in [12].", "We move as in [12]."),
        ("Boats (rey2019boats, ; okon2021swell, ) move.", "Boats move."),
        (
            "Birds of the ShoreCount dataset Rey et al. (2019) fly.",
            "Birds of the ShoreCount dataset fly.",
        ),
        ("We follow Rey et al. (2019).", "We follow Rey et al. (2019)."),
        (
            "Waders (Charadriiformes) fly in 2019 (June).",
            "Waders (Charadriiformes) fly in 2019 (June).",
        ),
        ("The interval [0, 1] holds it.", "The interval [0, 1] holds it."),
        ("The model (see Figure 3) counts (Sec. 4.1).", "The model counts."),
        ("The model counts, as described in Section 3.2.", "The model counts."),
        ("The error is $\\epsilon_{t}$ at most.", "The error is εₜ at most."),
        ("We use the same camera.³", "We use the same camera."),
        ("Errors fall by 10² percent.", "Errors fall by 10² percent."),
    ],
)
def test_citations_notes_and_tex_are_read_away(quote: str, read: str) -> None:
    assert plain(quote) == read


@pytest.mark.parametrize(
    "text",
    [
        "We describe the camera in Section 4 of this paper.",
        "The following cameras are used for all pictures.",
        "These cameras are used for all pictures of birds.",
        "The rest of the paper is organized in four parts.",
        "We use the cameras | 12 | 13 for all pictures.",
        "the cameras are used for all pictures of birds.",
        "The cameras are used for all pictures of birds",
        "The cameras (of which two are used for all birds.",
        "Cameras count birds.",
        "Given x, y, z, k, n and m, cameras count the birds.",
        "We build the picture xk D ŒckI wk for each camera of the mast.",
    ],
)
def test_what_leans_on_its_surroundings_does_not_stand_alone(text: str) -> None:
    assert not standing_alone(text)


def test_a_whole_sentence_stands_alone() -> None:
    assert standing_alone("Two cameras (on a mast) see 12.5% more birds than one.")


def test_a_heading_that_runs_into_a_sentence_is_left_out() -> None:
    assert without_heading("Quality We assign all birds twice.") == "We assign all birds twice."
    assert without_heading("Bird counts. We assign them.") == "We assign them."
    whole = "WaderNet counts birds in the wild."
    assert without_heading(whole) == whole


def test_a_sentence_is_shortened_between_clauses_or_not_at_all() -> None:
    clauses = "We propose a counter of small birds, which takes all of the short summer."
    assert held_to(clauses, 8) == "We propose a counter of small birds."
    whole = "Counting " + "very " * 30 + "small birds."
    assert held_to(whole, 8) == whole


def test_a_shortened_sentence_never_ends_where_a_list_begins() -> None:
    text = "The two models on the boat are the following in that they: count, sort and name birds."
    assert not held_to(text, 11).endswith("they.")


def test_full_stops_in_formulas_and_abbreviations_end_no_sentence() -> None:
    text = "Let $f(x) = a. B(y)$ be it. We follow Rey et al. in Fig. 2. Boats move."
    assert spans(text) == [
        "Let $f(x) = a. B(y)$ be it.",
        "We follow Rey et al. in Fig. 2.",
        "Boats move.",
    ]


def test_a_notes_mark_does_not_join_two_sentences() -> None:
    assert spans("Boats move.¹ Birds fly.") == ["Boats move.¹", "Birds fly."]


def test_the_mark_of_an_item_is_no_part_of_its_sentence() -> None:
    assert spans("- Boats move. Birds fly.") == ["Boats move.", "Birds fly."]
    assert spans("2) Boats move.") == ["Boats move."]


def test_a_statement_knows_the_table_that_its_paragraph_named() -> None:
    said = (
        "Table 3 holds all errors of boats. Birds are seen by two cameras. Tab. IV is last of all."
    )
    text = FullText(
        PaperId("2602.00001"), 1, Origin.PDF, (Section("Results", "3", 1, (Paragraph(said),)),)
    )
    assert [s.table for s in statements(text, "")] == ["Table 3", "Table 3", "Table IV"]
    assert table_in("No table here") is None
