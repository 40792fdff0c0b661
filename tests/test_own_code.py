"""Which code is the authors' own, in a whole paper that names much that is not."""

import json
import lzma

import pytest
from absurd import RELEASES
from pdf_texts import read as read_pdf_text

from formatters.text.links import code_links
from formatters.text.own_code import own_code
from jobs.fulltext.html import read as read_html
from storage.models import FullText, Origin, PaperId, Paragraph, Section

OURS, TOOL = "https://github.com/made-up/one", "https://github.com/others/tool"


def text(*said: str, links=(), references=(), abstract="") -> FullText:
    body = Section("Introduction", passages=tuple(map(Paragraph, said)))
    return FullText(
        PaperId("2602.00001"), 1, Origin.HTML, (body,), abstract, tuple(references), tuple(links)
    )


@pytest.mark.parametrize(
    ("said", "own"),
    [
        (f"Our code is available at {OURS}.", True),
        (f"Code: {OURS}", True),
        ("We release all models (https://huggingface.co/made-up/one).", True),
        (f"代码已开源：{OURS}", True),
        (f"The code we used to train our models is available at {OURS}.", True),
        (f"We use the official code, available at {OURS}.", False),
        (f"It builds on the public tool {OURS}.", False),
        (f"Their code is at {OURS}.", False),
        (f"We took the model released by the authors: {OURS}", False),
        (f"We ran the code released by Vorga et al. at {OURS}", False),
        (f"It is described in [3] ({OURS}).", False),
    ],
)
def test_only_what_the_words_before_it_call_the_authors_is_their_code(said, own):
    assert bool(own_code(text("Much else is said.", said, links=[OURS]))) == own
    assert code_links(said)


@pytest.mark.parametrize(
    "said",
    [
        "Our code is available here.",
        "Code and models can be found here.",
        "The source code and the data are publicly available.",
        "We release our code to the public.",
        "We open-source all training code at this link.",
        "The code for this paper is hosted here.",
        "我们的代码已开源。",
    ],
)
def test_a_link_without_words_is_the_authors_where_they_say_that_their_code_is_shared(said):
    assert own_code(text(said, links=["https://example.org/x", f"{OURS}.git"])) == (OURS,)
    assert own_code(text("Introduced.", abstract=said, links=[OURS])) == (OURS,)
    assert own_code(text(said, f"² {OURS}", links=[OURS])) == (OURS,)
    assert own_code(text(said, links=["https://example.org/x"])) == ()


@pytest.mark.parametrize(
    "said",
    [
        "Nothing is said of it.",
        "We count the lines of code here.",
        "The code of the tool is available here.",
        "We use the code that is available here.",
        "Their code is available here.",
        "We evaluate on code datasets that are publicly available.",
        "Our code will be released.",
        "We plan to release our code.",
        "Our code is available upon request.",
        "Our code is not available.",
        "Our code is available on our project page.",
        "Our code is available at example.org.",
        "We release the model.",
        "使用的代码已开源。",
        "代码将公开。",
    ],
)
def test_a_link_without_words_is_nobodys_where_they_say_no_such_thing(said):
    assert own_code(text(said, links=[OURS])) == ()


def test_a_link_that_something_calls_anothers_is_not_the_authors():
    shared = "Our code is available here."
    assert own_code(text(shared, f"It builds on {TOOL}.", links=[TOOL, OURS])) == (OURS,)
    cited = text(shared, links=[TOOL, OURS], references=[f"Vorga. A tool. {TOOL}/tree/main"])
    assert own_code(cited) == (OURS,)
    assert own_code(text(shared, f"It builds on {OURS}.", links=[OURS])) == ()
    assert own_code(text(shared, links=[OURS], references=[f"Vorga. {OURS}"])) == ()


def test_of_two_links_without_words_neither_is_taken():
    assert own_code(text("Our code is available here.", links=[TOOL, OURS])) == ()
    twice = text("Our code is available here.", links=[OURS, f"{OURS}/tree/main"])
    assert own_code(twice) == (f"{OURS}/tree/main",)


@pytest.mark.parametrize("name", RELEASES)
def test_a_hostile_text_is_searched(name):
    assert set(own_code(text(RELEASES[name].whole, links=[OURS]))) <= {OURS}


@pytest.mark.real_data
def test_no_real_paper_is_given_another_s_code(real_data):
    found = {}
    for name in ("1706.03762", "2004.14974"):
        page = (real_data / "html" / f"latexml_{name}.html").read_bytes()
        base = f"https://arxiv.org/html/{name}"
        found[name] = own_code(read_html(page, PaperId(name), 1, base_url=base))
    for file in sorted((real_data / "pdf").glob("*_arXiv*.pdf")):
        found[file.stem[-10:]] = own_code(read_pdf_text(file.read_bytes()))
    assert found == {
        "1706.03762": ("https://github.com/tensorflow/tensor2tensor",),
        "2004.14974": (),
        "2004.07180": (),
        "1805.02262": (),
    }


@pytest.mark.real_data
def test_where_real_abstracts_hide_the_address_the_words_still_tell_the_authors_code(real_data):
    with lzma.open(real_data / "papers" / "papers-2026-q1.jsonl.xz", "rt") as lines:
        abstracts = [json.loads(line)["abstract"] for line in lines]
    clickable = right = unsaid = claimed = 0
    for said in abstracts:
        own = code_links(said)
        if len(own) == 1 and said.count("http") == 1 and OURS not in said:
            hidden = text(said.replace(own[0], "here"), links=own)
            clickable += 1
            right += own_code(hidden) == own
        elif "http" not in said:
            unsaid += 1
            claimed += bool(own_code(text(said, links=[OURS])))
    assert clickable > 2_000
    assert right / clickable > 0.6
    assert unsaid > 15_000
    assert claimed < 200
