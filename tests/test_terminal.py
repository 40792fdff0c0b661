import json
import lzma
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formatters.document import (
    Bullets,
    Button,
    Buttons,
    Code,
    Document,
    Facts,
    Heading,
    Lead,
    PaperCard,
    Span,
    Style,
    Text,
    Title,
    Titles,
    plain,
)
from formatters.terminal import render
from formatters.text import byline, display_width, readable
from storage.models import Lang

ESCAPE = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;;[^\x1b]*\x1b\\")
CARD = PaperCard(
    paper="2602.00103",
    title="Looking Twice: Vision-Language Models That Re-read Their Own Evidence",
    href="https://arxiv.org/abs/2602.00103",
    translated_title=None,
    byline="Ada Lindqvist, Boris Okonjo, Carla Weng +4",
    label="cs.CV, cs.LG · 2026-02-06",
    tldr="A second look, guided by the first answer, needs only 38% of the tokens in O(n) time.",
    tldr_label="TL;DR",
    findings=("Accuracy rises by 4.1 points on six benchmarks at 0.7× the cost.",),
    links=(("PDF", "https://arxiv.org/pdf/2602.00103"), ("Code", "https://github.com/made-up/two")),
)
ENGLISH = Document(
    (
        Title(plain("paperround · Friday 6 February 2026")),
        Text((Span("announced 412 → matched 23 → shown 1", Style.FAINT),)),
        Heading(plain("In short")),
        Bullets(
            (
                (
                    Span("world models", Style.STRONG),
                    Span(" (2): "),
                    Span("A Census of Floaters", href="https://arxiv.org/abs/2602.00102"),
                ),
                plain("More frequent than in recent weeks: test-time training, flow matching"),
            )
        ),
        Heading(plain("Multimodal")),
        Lead(1, plain("new · matched ti: vision-language")),
        CARD,
        Titles("1 more paper", (plain("A Census of Floaters"),), start=2),
        Facts((("Last run", plain("fresh, 08:12")), ("Queue", plain("0 parts")))),
        Code("multimodal AND (lora OR\n                    ^"),
        Buttons((Button("More", "/more"), Button("Abstract", "/paper 2602.00103"))),
    )
)
ENGLISH_PAGE = """\
paperround · Friday 6 February 2026
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
announced 412 → matched 23 → shown 1

── In short ──────────────────────────────────────────────────────────
  • world models (2): A Census of Floaters
    (https://arxiv.org/abs/2602.00102)
  • More frequent than in recent weeks: test-time training, flow
    matching

── Multimodal ────────────────────────────────────────────────────────
 1. new · matched ti: vision-language
    Looking Twice: Vision-Language Models That Re-read Their Own
    Evidence
    Ada Lindqvist, Boris Okonjo, Carla Weng +4
    cs.CV, cs.LG · 2026-02-06

    ┃ TL;DR  A second look, guided by the first answer, needs only 38%
    ┃ of the tokens in O(n) time.

    • Accuracy rises by 4.1 points on six benchmarks at 0.7× the cost.

    https://arxiv.org/abs/2602.00103
    PDF https://arxiv.org/pdf/2602.00103
    Code https://github.com/made-up/two

1 more paper
 2. A Census of Floaters

Last run  fresh, 08:12
Queue     0 parts

multimodal AND (lora OR
                    ^

More /more   Abstract /paper 2602.00103
"""
CHINESE = Document(
    (
        Title(plain("paperround 晨报 · 2026年2月6日 星期五")),
        Text((Span("公布 412 → 命中 23 → 本期 1", Style.FAINT),)),
        Heading(plain("多模态")),
        Lead(1, plain("新投稿 · 命中 ti: vision-language · 亦属 大模型持续学习")),
        PaperCard(
            paper="2602.06043",
            title="Looking Twice: Models That Re-read Their Own Evidence",
            href="https://arxiv.org/abs/2602.00103",
            translated_title="再看一眼：回答之前重新审视证据的视觉语言模型",
            byline="Ada Lindqvist、Boris Okonjo、Carla Weng 等 7 人",
            label="cs.CV, cs.LG · 2026-02-06",
            tldr="模型在首次回答的引导下第二次查看图像，只用 38% 的视觉 token 就达到相同的准确率，"
            "《证据重读》策略无需训练。",
            tldr_label="速读",
            findings=("在六个基准上平均提升 4.1 个百分点，成本仅为基线的 0.7 倍。",),
            links=(("代码", "https://github.com/made-up/two"),),
            notice="作者已撤稿",
        ),
        Buttons((Button("更多", "/more"),)),
    )
)
CHINESE_PAGE = """\
paperround 晨报 · 2026年2月6日 星期五
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
公布 412 → 命中 23 → 本期 1

── 多模态 ──────────────────────────────────────────────────
 1. 新投稿 · 命中 ti: vision-language · 亦属 大模型持续学习
    Looking Twice: Models That Re-read Their Own Evidence
    再看一眼：回答之前重新审视证据的视觉语言模型
    Ada Lindqvist、Boris Okonjo、Carla Weng 等 7 人
    cs.CV, cs.LG · 2026-02-06
    作者已撤稿

    ┃ 速读  模型在首次回答的引导下第二次查看图像，只用 38%
    ┃ 的视觉 token 就达到相同的准确率，《证据重读》策略无需
    ┃ 训练。

    • 在六个基准上平均提升 4.1 个百分点，成本仅为基线的 0.7
      倍。

    https://arxiv.org/abs/2602.00103
    代码 https://github.com/made-up/two

更多 /more
"""


def test_an_english_page_is_laid_out_like_a_newsletter():
    assert render(ENGLISH, columns=70, colour=False) == ENGLISH_PAGE


def test_a_chinese_page_is_laid_out_by_its_width():
    assert render(CHINESE, columns=60, colour=False) == CHINESE_PAGE


@pytest.mark.parametrize("document", [ENGLISH, CHINESE])
def test_colour_adds_styles_and_links_to_the_same_words(document):
    coloured = render(document, columns=70)
    seen = ESCAPE.sub("", coloured)
    assert "\x1b" not in seen
    assert "\x1b]8;;https://arxiv.org/abs/2602.00103\x1b\\" in coloured
    assert "arxiv.org/abs/2602.00103" in seen
    assert "Ada Lindqvist" in seen


def test_every_line_closes_what_it_opens():
    for line in render(ENGLISH, columns=40).splitlines():
        assert len(re.findall(r"\x1b\[[\d;]+m", line)) == 2 * line.count("\x1b[0m")
        links = re.findall(r"\x1b\]8;;([^\x1b]*)\x1b\\", line)
        assert [bool(link) for link in links] == [True, False] * (len(links) // 2)


def test_a_lead_and_its_card_rendered_apart_read_as_one():
    lead, card = Lead(1, plain("new")), CARD
    apart = render(Document((lead,))) + render(Document((card,)))
    assert apart == render(Document((lead, card)))


def test_numbered_items_line_up():
    page = render(Document((Bullets(tuple(map(plain, "abc")), start=9),)), colour=False)
    assert page == "   9. a\n  10. b\n  11. c\n"


def test_a_long_fact_stands_above_its_value():
    facts = Facts((("a name far too long to stand in a column", plain("x")), ("short", plain("y"))))
    assert render(Document((facts,)), colour=False) == (
        "a name far too long to stand in a column\n       x\nshort  y\n"
    )


def test_an_empty_document_is_no_text():
    assert render(Document(())) == ""


@pytest.mark.parametrize("colour", [True, False])
def test_a_hostile_paper_cannot_steer_the_terminal(colour):
    evil = "\x1b[2J\x1b]0;owned\x07Ti\u202etle\r\x08"
    card = PaperCard(
        paper="2602.06043",
        title=evil,
        href="https://arxiv.org/abs/1\x1b\\\x1b[31m",
        translated_title=evil,
        byline=evil,
        label=evil,
        tldr=evil,
        tldr_label=evil,
        findings=(evil,),
        links=((evil, "javascript:alert(1)"), (evil, "https://a.org/\x07x\x1b\\")),
        abstract=evil,
        notice=evil,
    )
    blocks = (
        Title(plain(evil)),
        Lead(1, plain(evil)),
        card,
        Code(evil),
        Facts(((evil, plain(evil)),)),
    )
    page = render(Document(blocks), colour=colour)
    seen = ESCAPE.sub("", page)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", seen)
    assert "owned" not in seen
    assert "javascript" not in page
    assert "Title" in seen


WORDS = st.lists(
    st.sampled_from(
        ["word", "模态", "，", "（注）", "a-rather-long-compound-word", " ", "e\u0301", "👩‍🔬"]
    )
).map(" ".join)
LINKED = st.builds(
    lambda text, href: (Span(text, href=href),), WORDS, st.sampled_from([None, "https://a.org/x"])
)
CARDS = st.builds(
    PaperCard,
    title=WORDS,
    href=st.just("https://arxiv.org/abs/2602.00103"),
    translated_title=st.none() | WORDS,
    byline=WORDS,
    label=WORDS,
    tldr=WORDS,
    tldr_label=WORDS,
    findings=st.tuples(WORDS),
    links=st.tuples(st.tuples(WORDS, st.just("https://a.org/x"))),
    abstract=st.none() | WORDS,
    notice=st.none() | WORDS,
)
BLOCKS = st.one_of(
    st.builds(Title, LINKED),
    st.builds(Heading, LINKED),
    st.builds(Text, LINKED),
    st.builds(Bullets, st.tuples(LINKED, LINKED), st.none() | st.integers(1, 200)),
    st.builds(Facts, st.lists(st.tuples(WORDS, LINKED)).map(tuple)),
    st.builds(Lead, st.integers(1, 2000), LINKED),
    CARDS,
    st.builds(Titles, WORDS, st.tuples(LINKED), st.integers(1, 200)),
    st.builds(Buttons, st.tuples(st.builds(Button, WORDS, WORDS))),
)


@given(st.lists(BLOCKS, max_size=4), st.integers(20, 100), st.booleans())
def test_no_line_is_wider_than_the_page_unless_it_is_an_address(blocks, columns, colour):
    page = render(Document(tuple(blocks)), columns=columns, colour=colour)
    assert page == "" or (page.endswith("\n") and not page.startswith("\n"))
    for line in ESCAPE.sub("", page).splitlines():
        assert display_width(line) <= columns or "://" in line


@pytest.mark.real_data
def test_a_morning_of_real_papers_renders_within_the_width(real_data):
    with lzma.open(
        real_data / "papers" / "papers-2026-q1.jsonl.xz", "rt", encoding="utf-8"
    ) as file:
        papers = [json.loads(line) for _, line in zip(range(1000), file, strict=False)]
    cards = [
        PaperCard(
            paper="2602.06043",
            title=readable(paper["title"]),
            href=f"https://arxiv.org/abs/{paper['id']}",
            translated_title=None,
            byline=byline(tuple(paper["authors"]), Lang.EN),
            label=", ".join(paper["categories"]),
            tldr=readable(paper["abstract"])[:200],
            tldr_label="TL;DR",
            findings=(),
            links=(("PDF", f"https://arxiv.org/pdf/{paper['id']}"),),
            abstract=readable(paper["abstract"]),
        )
        for paper in papers
    ]
    pages = [render(Document((card,)), columns=80) for card in cards]
    for page in pages:
        for line in ESCAPE.sub("", page).splitlines():
            assert display_width(line) <= 80 or "://" in line
