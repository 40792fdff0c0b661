"""What is said while an analysis goes on, what answers rest on, what is alike and why."""

from dataclasses import replace

import pytest
from analyses import PAPER, SITE
from documents import inline
from slack_form import read
from telegram_form import covered, shown

from formatters.compose.cards import Frame
from formatters.compose.replies import analyzing as said
from formatters.compose.replies.analyzing import Neighbour
from formatters.document import Bullets, Buttons, Document, Heading, Quote, Text, Title
from formatters.file import File, file_payload, from_file_payload
from formatters.slack import posts
from formatters.telegram import messages
from formatters.terminal import render
from formatters.text import readable
from formatters.text.maths import formulas
from storage.models import Answer, Claim, Lang

EN, ZH = Frame(Lang.EN, SITE), Frame(Lang.ZH, SITE)
PASSAGE = Claim("", "3.2 Scoring", "the pseudo-rank $p$ is set to 8")


def told(document: Document) -> list[str]:
    """What the document says, line by line."""
    lines: list[str] = []
    for block in document.blocks:
        match block:
            case Title() | Heading() | Text():
                lines.append(inline(block.text))
            case Quote():
                lines += [inline(block.text), inline(block.source)]
            case Bullets():
                lines += map(inline, block.items)
    return lines


def commands(document: Document) -> list[str]:
    rows = (block.buttons for block in document.blocks if isinstance(block, Buttons))
    return [button.command for row in rows for button in row]


@pytest.mark.parametrize(
    ("ahead", "lang", "line"),
    [
        (0, Lang.EN, "Reading 2602.00103…"),
        (1, Lang.EN, "Reading 2602.00103… 1 analysis is before it."),
        (2, Lang.EN, "Reading 2602.00103… 2 analyses are before it."),
        (2, Lang.ZH, "已收到 2602.00103，前面还有 2 篇。"),
    ],
)
def test_who_asks_learns_how_many_come_first_and_can_cancel(ahead, lang, line):
    made = said.queued(PAPER.id, ahead, lang)
    assert told(made) == [line]
    assert commands(made) == ["/analyze 2602.00103 cancel"]


@pytest.mark.parametrize(
    ("stage", "fields", "line"),
    [
        ("fetching", {}, "2602.00103: fetching the text"),
        ("reading", {}, "2602.00103: reading"),
        ("reading", {"of": 9}, "2602.00103: reading 9 sections"),
        ("writing", {"done": 2, "of": 7}, "2602.00103: writing 3 of 7"),
        ("writing", {"done": 7, "of": 7}, "2602.00103: writing 7 of 7"),
        (
            "writing",
            {"done": 2, "of": 7, "seconds_left": 95.0},
            "2602.00103: writing 3 of 7, about 2 min left",
        ),
        ("writing", {"seconds_left": 0.0}, "2602.00103: writing, about 1 min left"),
    ],
)
def test_progress_says_what_is_known(stage, fields, line):
    assert told(said.progress(PAPER.id, stage, Lang.EN, **fields)) == [line]


def test_an_answer_stands_above_the_passages_that_it_rests_on():
    found = Answer("openai:qwen-72b#p3", "The rank $p$ is 8.", (PASSAGE,))
    document = said.answer(found, PAPER, EN)
    assert told(document) == [
        "The rank p is 8.",
        "It rests on:",
        "“the pseudo-rank p is set to 8”",
        "§3.2 Scoring",
        "Looking Twice: Models That Re-read k Pieces of <Their> Own R&D Evidence · by qwen-72b",
    ]
    [message] = messages(document)
    text = shown(message)
    [quote] = [covered(text, each) for each in text.entities if each["type"] == "blockquote"]
    assert quote == "“the pseudo-rank p is set to 8”\n§3.2 Scoring"
    [post] = posts(document)
    kinds = [part["type"] for block in post.blocks for part in block["elements"]]
    assert "rich_text_quote" in kinds
    assert "§3.2 Scoring" in read(post).plain
    page = render(document, columns=60, colour=False)
    assert "  ┃ “the pseudo-rank p is set to 8”\n  ┃ §3.2 Scoring\n" in page


def test_a_paper_that_does_not_say_is_said_not_to():
    assert told(said.answer(Answer("openai:m", ""), PAPER, ZH))[0] == "论文中没有提到。"


def test_passages_without_an_answer_are_called_what_they_are():
    lines = told(said.answer(Answer("built-in", "", (PASSAGE,), fallback=True), PAPER, EN))
    assert lines[0] == "The passages of the paper that come nearest:"
    assert lines[-1].endswith(" · chosen by the built-in engine, for no model gave an answer")


def test_similar_papers_say_what_they_share_and_which_ones_arxiv_adds():
    other = replace(PAPER, id="2602.00104", title="Third Look")
    near = Neighbour(other, ("visual tokens", "evidence"))
    document = said.similar_papers(PAPER, [near], [replace(other, id="2602.00105")], None, EN)
    line = "Third Look · Ada Lindqvist, Boris Okonjo +1 · arXiv:"
    assert told(document) == [
        f"Similar to {readable(PAPER.title)}",
        f"{line}2602.00104\nshares visual tokens, evidence",
        "From arXiv",
        f"{line}2602.00105",
    ]


def test_nothing_similar_is_said_and_a_silent_arxiv_too():
    assert told(said.similar_papers(PAPER, [], [], None, EN))[1:] == ["No similar paper was found."]
    lines = told(said.similar_papers(PAPER, [], None, "unreachable", EN))
    assert lines[-1] == "arXiv could not be reached; paperround tries again."


def test_a_file_comes_back_from_its_payload():
    file = File("2602.00103v1-analysis.zh.md", "# 标题\n\x00\"'\\")
    assert from_file_payload(file_payload(file)) == file


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("no formula", (("no formula", None),)),
        ("keep $k$ of $x_i$", (("keep ", None), ("k", "k"), (" of ", None), ("xᵢ", "x_i"))),
        ("costs $5 and then $10", (("costs $5 and then $10", None),)),
        ("$\\alpha$", (("α", "\\alpha"),)),
        ("  two\n lines $a$ ", (("two lines ", None), ("a", "a"))),
    ],
)
def test_formulas_are_told_from_words(text, pieces):
    assert formulas(text) == pieces
