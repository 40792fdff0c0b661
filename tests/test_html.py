"""Documents as one web page: well formed, escaped, and it asks nobody for anything."""

import re

import pytest
from analyses import PAPER, SITE, analyses, paged
from documents import any_document, bare, cards, phrases
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from formatters.compose.analysis import html_file, pages
from formatters.compose.cards import Frame
from formatters.document import (
    Button,
    Buttons,
    Document,
    Grid,
    Heading,
    Quote,
    Span,
    Style,
    Text,
    Title,
    plain,
)
from formatters.html import fragment, page
from formatters.text import strip_controls
from storage.models import Lang

BAD = st.sampled_from(
    ["<script>alert(1)</script>", '"><img src=x onerror=y>', "</style>", "</title>", "&amp;",
     "word", "' onclick='z", "]]>", "<!--", "模态", "\x1b[2J", "\u202e", "\n"]
)  # fmt: skip
HREFS = st.sampled_from([None, "javascript:alert(1)", "https://a.io/?a=1&b=<2>\"'", "http://[bad"])
BUTTONS = st.builds(Button, BAD, BAD)
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "main", "nav", "h1", "h2", "h3", "p", "span",
    "strong", "code", "pre", "a", "br", "ul", "ol", "li", "dl", "dt", "dd", "div", "table",
    "caption", "thead", "tbody", "tr", "th", "td", "blockquote", "footer",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "rel", "title",
    "start", "role", "tabindex", "aria-label", "scope",
}  # fmt: skip


def checked(text: str) -> html.HtmlElement:
    """The page, once it is sure that it loads and runs nothing."""
    root = html.document_fromstring(text)
    for element in root.iter():
        assert element.tag in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES
    for link in root.iter("a"):
        assert re.match(r"https?://|#", link.get("href"))
    [style] = root.iter("style")
    assert not re.search(r"url\(|@import|</", style.text)
    return root


@pytest.mark.parametrize(("lang", "tag"), [(Lang.EN, "en"), (Lang.ZH, "zh-Hans")])
def test_an_analysis_is_a_page_in_its_language_that_loads_nothing(lang, tag):
    root = checked(html_file(paged(lang)).content)
    assert root.get("lang") == tag
    [policy] = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert root.xpath("//meta[@name='viewport']")
    assert root.findtext(".//title").startswith("Looking Twice: Models")


def test_the_contents_lead_to_the_chapters():
    root = checked(html_file(paged()).content)
    inside = root.xpath("//nav//a/@href")
    assert inside == [f"#{name}" for name in root.xpath("//h2/@id")]
    assert [link[1:] for link in inside] == [chapter.name for chapter in paged().chapters]


def test_a_formula_is_readable_and_keeps_its_tex():
    root = checked(html_file(paged()).content)
    [formula] = root.xpath("//span[@class='formula'][contains(@title, 'sum_l')]")
    assert (formula.text, formula.get("title")) == (
        "sᵢ = ∑ₗ αₗ A_(l,i)",
        r"s_i=\sum_l \alpha_l A_{l,i}",
    )


def test_a_table_can_be_scrolled_and_names_its_columns():
    root = checked(html_file(paged()).content)
    [region] = root.xpath("//div[@class='wide'][@tabindex='0']")
    assert region.get("aria-label") == region.find(".//caption").text_content()
    assert region.xpath(".//th[@scope='col']/text()") == ["Method", "VQA", "Tokens", "Time"]
    assert len(region.xpath(".//tbody/tr")) == 3
    assert region.findtext(".//caption/strong") == "Table 2"


def test_blocks_become_the_elements_that_mean_the_same():
    document = Document(
        (
            Title(plain("A & B")),
            Heading(plain("Part"), level=2),
            Text((Span("small", Style.FAINT),)),
            Quote(plain("“x”"), plain("§1")),
            Grid((plain("a"),), ((plain("1"),),)),
            Buttons((Button("x", "/x"),)),
        )
    )
    assert fragment(document, Lang.EN) == (
        "<h1>A &amp; B</h1>\n"
        "<h3>Part</h3>\n"
        '<p class="faint"><span class="faint">small</span></p>\n'
        "<blockquote><p>“x”</p><footer>§1</footer></blockquote>\n"
        '<div class="wide" role="region" aria-label="Table" tabindex="0">\n'
        '<table>\n<thead><tr><th scope="col">a</th></tr></thead><tbody>\n'
        "<tr><td>1</td></tr>\n</tbody></table></div>\n"
    )


def test_a_table_without_a_caption_is_named_in_the_page_s_language_or_its_own():
    cells = (plain("a"),)
    assert 'aria-label="表格" tabindex' in fragment(Document((Grid(cells, (cells,)),)), Lang.ZH)
    foreign = Document((Grid(cells, (cells,), lang=Lang.EN),))
    assert 'aria-label="Table" lang="en" tabindex' in fragment(foreign, Lang.ZH)


def test_words_in_another_language_say_so():
    text = Text((Span("译文："), Span("a <b>", Style.FAINT, "https://a.io", lang=Lang.EN)))
    assert fragment(Document((text,)), Lang.ZH) == (
        '<p>译文：<span class="faint"><a href="https://a.io" rel="noopener noreferrer">'
        '<span lang="en">a &lt;b&gt;</span></a></span></p>\n'
    )


def test_a_fragment_stands_under_the_headings_of_its_page():
    document = Document((Title(plain("A")), Heading(plain("B"), anchor="b")))
    assert fragment(document, Lang.EN, top=3) == '<h3>A</h3>\n<h4 id="b">B</h4>\n'


@given(any_document(phrases(BAD), HREFS, cards(phrases(BAD), ["2602.00103"]), BUTTONS))
def test_whatever_a_document_says_is_text(document):
    checked(page(document, Lang.EN))


@given(phrases(BAD))
def test_text_is_read_back_as_it_was(text):
    root = checked(page(Document((Text(plain(text)),)), Lang.EN))
    assert bare(root.find(".//main").text_content()) == bare(strip_controls(text))


@given(analyses())
@settings(max_examples=30)
def test_every_analysis_is_a_harmless_page(found):
    made = pages(found, PAPER, Frame(found.lang, SITE))
    root = checked(html_file(made).content)
    assert len(root.findall(".//h2")) == len(made.chapters)
