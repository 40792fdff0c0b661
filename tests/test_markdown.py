"""Documents as Markdown: read back by a parser of GitHub's flavour, they say what was meant."""

import re
from html.parser import HTMLParser

import pytest
from analyses import PAPER, SITE, analyses, paged
from documents import bare
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from formatters.compose.analysis import markdown_file, pages
from formatters.compose.cards import Frame
from formatters.document import (
    Bullets,
    Button,
    Buttons,
    Code,
    Document,
    Facts,
    Grid,
    Heading,
    Quote,
    Span,
    Style,
    Text,
    Title,
    plain,
)
from formatters.markdown import escaped, markdown
from formatters.text import strip_controls
from storage.models import Lang

ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
HOSTILE = st.text(
    st.sampled_from("ab 1.-+=#>|*_`~[]()<>!&$\\\n:/“。中é"), max_size=40
) | st.sampled_from(["<script>", "![x](http://a.io)", "---", "1. x", "+ x", "# x", "&amp;", "== x"])


class Page(HTMLParser):
    """What a page shows and is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.links = "", [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.text += data


def seen(text: str) -> Page:
    return Page(MarkdownIt("gfm-like", {"linkify": False}).render(text))


def one(*blocks) -> str:
    return markdown(Document(blocks), Lang.EN)


@pytest.mark.parametrize("lang", Lang)
def test_an_analysis_lists_its_contents_and_every_link_in_it_leads_somewhere(lang):
    text = markdown_file(paged(lang)).content
    anchors = ANCHOR.findall(text)
    inside = [link[1:] for link in seen(text).links if link.startswith("#")]
    assert inside == anchors == [chapter.name for chapter in paged(lang).chapters]
    label = "Contents" if lang is Lang.EN else "目录"
    assert f"**{label}**" in text


def test_an_analysis_is_made_of_headings_lists_and_a_table():
    page = seen(markdown_file(paged()).content)
    assert [page.tags.count(tag) for tag in ("h1", "h2", "table", "tr", "script", "img")] == [
        1,
        len(paged().chapters),
        1,
        4,
        0,
        0,
    ]
    assert page.tags.count("h3") > 10


def test_formulas_stay_tex():
    text = markdown_file(paged()).content
    assert "Keep the best $k$ patches" in text
    assert r"$`s_i=\sum_l \alpha_l A_{l,i}`$" in text
    assert r"$2\times10^{-4}$" in text


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        ("k", "$k$"),
        (r"\alpha + x^2", r"$\alpha + x^2$"),
        ("x_i", "$x_i$"),
        (r"\mathbf{x}_{i}", r"$`\mathbf{x}_{i}`$"),
        (r"\{a\}", r"$`\{a\}`$"),
        ("a<b>c", "$`a<b>c`$"),
        ("[a](javascript:b)", "$`[a](javascript:b)`$"),
        ("a`b", "shown"),
    ],
)
def test_a_formula_that_markdown_could_misread_is_kept_from_it(tex, said):
    assert one(Text((Span("shown", tex=tex),))) == f"{said}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1. x", r"1\. x"),
        ("71.2", "71.2"),
        ("- x", r"\- x"),
        ("-5.2 points", "-5.2 points"),
        ("---", r"\---"),
        ("# x", r"\# x"),
        ("a_b *c* <d> [e](f) `g` | h", r"a\_b \*c\* \<d\> \[e\](f) \`g\` \| h"),
        ("\x1b[2Ja\nb", "a b"),
    ],
)
def test_text_is_escaped_where_it_would_be_markup(text, said):
    assert escaped(text) == said


@given(HOSTILE)
@example("a\\")
def test_whatever_a_paper_says_is_read_back_as_it_was(text):
    for block in (Text, Heading, Title):
        page = seen(one(block(plain(text))))
        assert bare(page.text) == bare(strip_controls(text))
        assert {"p", "h1", "h2", "br"} >= set(page.tags)
    strong = (Span("a"), Span(text, Style.STRONG), Span("b"))
    assert bare(seen(one(Text(strong))).text) == "a" + bare(strip_controls(text)) + "b"
    listed = seen(one(Bullets((plain(text), plain("end")))))
    assert bare(listed.text) == bare(strip_controls(text)) + "end"
    cells = seen(one(Grid((plain("x"), plain("y")), ((plain(text), plain("z")),))))
    assert bare(cells.text) == "xy" + bare(strip_controls(text)) + "z"
    assert cells.tags.count("td") == 2


@given(HOSTILE)
def test_code_is_read_back_as_it_was(text):
    page = seen(one(Code(text), Text((Span(text, Style.CODE),))))
    assert bare(page.text) == bare(strip_controls(text)) * 2


def test_strong_words_beside_chinese_ones_are_read_as_such():
    page = seen(one(Text((Span("核心：", Style.STRONG), Span("两遍")))))
    assert (page.text.strip(), "strong" in page.tags) == ("核心：两遍", False)
    assert "strong" in seen(one(Facts((("作者", plain("某人")),)))).tags


def test_neighbours_in_one_style_are_set_together():
    spans = [
        Span(part, Style.FAINT, tex=tex)
        for part, tex in (("at ", None), ("k", "k"), (", so", None))
    ]
    assert one(Text(tuple(spans))) == "*at $k$, so*\n"
    touching = (Span("a", Style.STRONG), Span("b", Style.FAINT), Span("c", Style.STRONG))
    assert bare(seen(one(Text(touching))).text) == "abc"


def test_a_list_keeps_its_line_breaks_and_numbers():
    page = one(Bullets((plain("one\nmore"), plain("two")), start=9))
    assert page == "9. one\\\n   more\n10. two\n"


def test_a_quotation_names_its_place():
    page = one(Quote(plain("“We look twice.”"), (Span("§1", Style.FAINT),)))
    assert page == "> “We look twice.”\\\n> *§1*\n"


def test_only_addresses_of_the_web_become_links_and_buttons_are_left_out():
    spans = (Span("a", href="javascript:alert(1)"), Span("b", href="https://a.io/x y"))
    link = (Span("c", href="https://a.io/(π)?q=1&r=<2>"),)
    page = one(Text(spans), Text(link), Buttons((Button("x", "/x"),)))
    assert page == "ab\n\n[c](<https://a.io/%28%CF%80%29?q=1&r=%3C2%3E>)\n"


@given(analyses())
@settings(max_examples=30)
def test_every_analysis_is_harmless_and_its_anchors_work(found):
    made = pages(found, PAPER, Frame(found.lang, SITE))
    text = markdown_file(made).content
    page = seen(text)
    assert not {"script", "img", "iframe"} & set(page.tags)
    anchors = {f"#{name}" for name in ANCHOR.findall(text)}
    assert all(link in anchors or link.startswith("http") for link in page.links)
    assert page.tags.count("h2") == len(made.chapters)


def test_a_bar_in_code_or_a_formula_ends_no_cell():
    row = (plain("a | b"), (Span("|x|", tex="|x|"),), (Span("c|d", Style.CODE),))
    page = seen(one(Grid((plain("1"), plain("2"), plain("3")), (row,))))
    assert page.tags.count("td") == 3
    assert bare(page.text) == "123" + "a|b" + "$|x|$" + "c|d"
