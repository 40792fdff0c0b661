"""The archive's pages: sound to read, to listen to and to print; nothing foreign gets in."""

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from site_stage import FRIDAY, SPLATTING, VISION, analysis, entry, paper, site, summary

from formatters.site.items import item
from formatters.site.pages import (
    day_page,
    index_page,
    paper_page,
    root_page,
    search_page,
)
from formatters.site.paths import day_address, paper_path, relative
from formatters.site.templating import static_files
from formatters.site.topic_pages import empty_topic_page, topic_pages
from storage.models import Lang, PaperId, Table

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
LANG_NAMES = {Lang.EN: "en", Lang.ZH: "zh-Hans"}


def entries(lang: Lang):
    found = [entry(number, lang) for number in (1, 2, 3, 4)]
    found[0] = replace(found[0], analysis=analysis(found[0].paper, lang))
    found[3] = replace(found[3], summary=None)
    return found


def pages(lang: Lang) -> dict[str, str]:
    """One page of each kind, by what it is."""
    known, some = site(), entries(lang)
    topic = topic_pages(VISION, "2026-02", [item(e, lang, known) for e in some], lang, known)
    return {
        "root": root_page(known),
        "index": index_page(lang, known),
        "search": search_page(lang, known),
        "day": day_page(FRIDAY, some, lang, known),
        "paper": paper_page(some[0], lang, known),
        "bare paper": paper_page(some[3], lang, known),
        "topic": topic[f"{lang}/topic/cs-cv/2026-02.html"],
        "topic's index": topic[f"{lang}/topic/cs-cv/index.html"],
        "empty topic": empty_topic_page(VISION, lang, site({})),
    }


EVERY = [(lang, kind) for lang in Lang for kind in pages(Lang.EN)]


@pytest.mark.parametrize(("lang", "kind"), EVERY)
def test_a_page_has_landmarks_one_h1_and_headings_in_order(lang, kind):
    tree = html.document_fromstring(pages(lang)[kind])
    assert len(tree.xpath("//main[@id='content']")) == 1
    assert tree.xpath("//body/*[1][self::a and @href='#content']")
    assert len(tree.xpath("//footer")) == 1
    assert all(nav.get("aria-label") for nav in tree.xpath("//nav"))
    levels = [int(heading.tag[1]) for heading in tree.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))


@pytest.mark.parametrize(("lang", "kind"), EVERY)
def test_what_a_page_refers_to_on_itself_is_there_once(lang, kind):
    tree = html.document_fromstring(pages(lang)[kind])
    ids = tree.xpath("//@id")
    assert len(set(ids)) == len(ids)
    named = tree.xpath("//@aria-labelledby") + tree.xpath("//@aria-describedby")
    named += tree.xpath("//label/@for")
    named += [href[1:] for href in tree.xpath("//a/@href") if href.startswith("#")]
    assert set(named) <= set(ids)
    for control in tree.xpath("//input | //button"):
        labelled = control.get("aria-label") or tree.xpath(f"//label[@for='{control.get('id')}']")
        assert labelled or control.text_content().strip()


@pytest.mark.parametrize(("lang", "kind"), EVERY)
def test_a_page_keeps_a_strict_policy_and_loads_nothing_foreign(lang, kind):
    text = pages(lang)[kind]
    tree = html.document_fromstring(text)
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == POLICY
    loaded = tree.xpath("//script/@src | //img/@src | //link[@rel!='canonical']/@href")
    assert loaded
    assert not [address for address in loaded if ":" in address or address.startswith("/")]
    assert not tree.xpath("//style | //@style | //script[not(@src)] | //iframe | //form | //base")
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")


@pytest.mark.parametrize(("lang", "kind"), [pair for pair in EVERY if pair[1] != "root"])
def test_a_page_says_its_language_and_leads_to_its_twin(lang, kind):
    tree = html.document_fromstring(pages(lang)[kind])
    other = Lang.ZH if lang is Lang.EN else Lang.EN
    assert tree.get("lang") == LANG_NAMES[lang]
    (twin,) = tree.xpath("//nav//a[@hreflang]")
    assert twin.get("hreflang") == LANG_NAMES[other]
    assert f"{other}/" in twin.get("href")
    assert twin.get("href") in tree.xpath("//link[@rel='alternate'][@hreflang]/@href")


def test_the_first_page_chooses_no_language():
    tree = html.document_fromstring(root_page(site()))
    links = {a.get("hreflang"): (a.get("href"), a.text) for a in tree.xpath("//main//a")}
    assert links == {"en": ("en/index.html", "English"), "zh-Hans": ("zh/index.html", "中文")}
    assert set(tree.xpath("//link[@rel='alternate']/@hreflang")) == {"en", "zh-Hans"}


def test_a_paper_page_has_all_that_is_known_of_the_paper():
    tree = html.document_fromstring(pages(Lang.ZH)["paper"])
    text = " ".join(tree.text_content().split())
    for said in (
        "Invented Study 1 of Gaussian Splatting in ℝ³",
        "虚构研究：高斯泼溅",
        "Imena Vorga、Tolan Brisk、Ada Umbra",
        "速读 · gpt-x",
        "97.2% 是圆的。",
        "我们提出一项研究",
        "We propose study 1.",
        "速记流程",
        "局限",
        "3 Method",
        "97.2% are round.",
        "5/6 节",
        "三维高斯泼溅",
        "新投稿",
    ):
        assert said in text
    chapters = [heading.text for heading in tree.xpath("//section[@class='analysis']//h3")]
    assert chapters == ["核心速览", "实验", "复现要点", "局限"]
    assert tree.xpath("//section[@class='analysis']//td/text()") == ["Garden | day", "97.2"]
    hrefs = tree.xpath("//main//a/@href")
    for address in (
        "https://arxiv.org/abs/2602.00001",
        "https://arxiv.org/pdf/2602.00001v1",
        "https://github.com/example/splats",
    ):
        assert address in hrefs
    assert not [href for href in hrefs if href.startswith("javascript")]


def test_a_text_says_which_language_it_is_in():
    known = site()
    own = summary(paper(), Lang.ZH, engine="built-in", tldr="We count splats.", title=None)
    built_in = replace(entry(1, Lang.ZH), summary=replace(own, abstract=None))
    tree = html.document_fromstring(paper_page(built_in, Lang.ZH, known))
    assert tree.xpath("//p[@class='summary']/@lang") == ["en"]
    assert tree.xpath("//h2[@id='tldr']")[0].text == "原文摘句"
    assert tree.xpath("//section[@aria-labelledby='abstract']/p/@lang") == ["en"]
    assert tree.xpath("//h1/@lang") == ["en"]


def languages(node) -> dict[str, str]:
    """Each text of an analysis and what it is said to be in."""
    said = [text for text in node.xpath(".//text()") if text.strip()]
    above = (text.getparent().getparent() if text.is_tail else text.getparent() for text in said)
    return {
        text.strip(): element.xpath("ancestor-or-self::*[@lang][1]/@lang")[0]
        for text, element in zip(said, above, strict=True)
    }


@pytest.mark.parametrize(("engine", "words"), [("built-in", "en"), ("openai:gpt-x#a1", "zh-Hans")])
def test_only_what_an_analysis_quotes_is_in_the_paper_s_language(engine, words):
    own = replace(analysis(paper(), Lang.ZH), engine=engine)
    tree = html.document_fromstring(
        paper_page(replace(entry(1, Lang.ZH), analysis=own), Lang.ZH, site())
    )
    (section,) = tree.xpath("//section[@class='analysis']")
    said = languages(section)
    for label in ("精读", "核心速览", "速记流程", "局限"):
        assert said[label] == "zh-Hans"
    for text in ("Splats are round.", "Count the splats.", "a scene", "Measure them."):
        assert said[text] == words
    for quote in ("We count all splats.", "§3 Method", "§4 Experiments · Table 2", "97.2", "Scene"):
        assert said[quote] == "en"
    english = html.document_fromstring(pages(Lang.EN)["paper"])
    assert not english.xpath("//section[@class='analysis']//@lang")


@pytest.mark.parametrize(("lang", "kind"), EVERY)
def test_every_region_and_column_has_a_name(lang, kind):
    tree = html.document_fromstring(pages(lang)[kind])
    for region in tree.xpath("//*[@role='region']"):
        assert region.get("aria-label")
    assert all(head.get("scope") == "col" for head in tree.iter("th"))


def test_a_doi_stays_as_it_is():
    doi = "10.1002/(SICI)1097<15--19>3.0.CO;2-#"
    odd = replace(entry(), paper=paper(1, doi=f"{doi} 10.1000/second"))
    tree = html.document_fromstring(paper_page(odd, Lang.EN, site()))
    assert tree.xpath("//meta[@name='citation_doi']/@content") == [doi]
    (link,) = tree.xpath("//p[@class='links']/a[starts-with(., 'DOI')]")
    assert link.text == f"DOI: {doi}"
    assert link.get("href") == "https://doi.org/10.1002/%28SICI%291097%3C15--19%3E3.0.CO;2-%23"


def test_a_day_shows_each_paper_once_under_its_first_topic():
    known = replace(site(), topics=(SPLATTING, VISION))
    tree = html.document_fromstring(day_page(FRIDAY, entries(Lang.EN), Lang.EN, known))
    assert [heading.text_content() for heading in tree.xpath("//h2")] == [
        "3D Gaussian Splatting",
        "cs.CV",
    ]
    assert tree.xpath("//article/@id") == [f"p2602.0000{n}" for n in (1, 3, 2, 4)]
    assert tree.xpath("//a[@rel='prev']/@href") == ["../../en/day/2026-02-05.html"]


def test_a_topic_s_newest_month_is_its_index_and_leads_to_the_others():
    known = site()
    items = [item(e, Lang.EN, known) for e in entries(Lang.EN)]
    both = topic_pages(SPLATTING, "2026-02", items, Lang.EN, known)
    assert set(both) == {"en/topic/3dgs/2026-02.html", "en/topic/3dgs/index.html"}
    for text in both.values():
        tree = html.document_fromstring(text)
        assert tree.xpath("//article/@id") == ["p2602.00001", "p2602.00003"]
        assert tree.xpath("//a[@rel='prev']/@href") == ["../../../en/topic/3dgs/2025-12.html"]
        (feed,) = tree.xpath("//link[@type='application/atom+xml']/@href")
        assert feed == "../../../en/feed/3dgs.xml"
    older = topic_pages(SPLATTING, "2025-12", [], Lang.EN, known)
    assert set(older) == {"en/topic/3dgs/2025-12.html"}


def test_paths_stay_inside_and_old_ids_have_one_too():
    assert paper_path(Lang.EN, PaperId("astro-ph/0601001")) == "en/paper/astro-ph_0601001.html"
    assert relative("static/style.css", "en/topic/cs-cv/index.html") == "../../../static/style.css"
    address = day_address("https://papers.example.org/a", Lang.ZH, FRIDAY)
    assert address == "https://papers.example.org/a/zh/day/2026-02-06.html"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "https:///nowhere",
        "https://[broken",
        "ftp://example.org/x",
        "//example.org/x",
        "https://example.org/a b",
        "https://example.org/\u202egpj",
        "",
    ],
)
def test_only_addresses_of_the_web_become_links(address):
    hostile = replace(entry(), code=(address,), project=(address,))
    tree = html.document_fromstring(paper_page(hostile, Lang.EN, site()))
    named = set(tree.xpath("//p[@class='links']/a/@href"))
    assert all(href.startswith("https://arxiv.org/") for href in named)


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "</title><script src=//e.example></script>",
            '"><img src=x onerror=alert(1)>',
            "{{ 7 * 7 }}{% raw %}",
            "<!--",
            "]]>",
            "&lt;b&gt;",
            "$</p>$",
            "\u202eevil\ufffe\uffff\ud800",
        ]
    ),
)


@given(title=HOSTILE, name=HOSTILE, said=HOSTILE, quote=HOSTILE)
def test_nothing_of_a_paper_or_a_model_becomes_markup(title, name, said, quote):
    of = paper(1, title=title, abstract=said, authors=(name, name), comment=quote, doi=said)
    own = summary(of, Lang.ZH, tldr=said, findings=(quote,), title=title, abstract=said)
    deep = analysis(of)
    claims = {aspect: (replace(c[0], text=said, quote=quote),) for aspect, c in deep.claims.items()}
    deep = replace(deep, claims=claims, tables=(Table(f"| {said} |\n|---|\n| {quote} |", title),))
    hostile = replace(entry(paper=of, summary=own), analysis=deep, code=(said,), project=(quote,))
    harmless = replace(entry(), analysis=analysis(of))
    for make in (
        lambda e: paper_page(e, Lang.ZH, site()),
        lambda e: day_page(FRIDAY, [e], Lang.ZH, site()),
    ):
        tree, plain = (html.document_fromstring(make(e).encode()) for e in (hostile, harmless))
        for kind in ("script", "img", "style", "meta[@http-equiv]", "link", "iframe"):
            assert len(tree.xpath(f"//{kind}")) == len(plain.xpath(f"//{kind}"))
        assert not tree.xpath("//@*[starts-with(name(), 'on')]")
        assert not [a for a in tree.xpath("//@href") if a.lower().startswith("javascript")]


def test_a_script_in_a_title_stays_text():
    of = paper(1, title="<script>alert('round')</script> & splats")
    text = paper_page(replace(entry(), paper=of, summary=None), Lang.EN, site())
    tree = html.document_fromstring(text)
    assert tree.xpath("//h1")[0].text == "<script>alert('round')</script> & splats"


def test_the_front_page_has_every_topic_every_day_and_the_feeds():
    tree = html.document_fromstring(index_page(Lang.EN, site()))
    assert len(tree.xpath("//ul[@class='days']/li")) == 4
    assert [m.text for m in tree.xpath("//summary/h3")] == ["February 2026", "December 2025"]
    assert len(tree.xpath("//ul[@class='topics']/li")) == 2
    assert len(tree.xpath("//link[@type='application/atom+xml']")) == 2


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_paper_is_light_whatever_theme_was_chosen_and_nothing_is_folded_on_it():
    style, script = (static_files()[name] for name in ("style.css", "theme.js"))
    screen, _, printed = style.partition("@media print")
    assert ':root[data-theme="dark"] { color-scheme: dark; }' in screen
    assert ":root[data-theme] { color-scheme: light; }" in printed
    assert "details::details-content { content-visibility: visible; block-size: auto; }" in printed
    assert {"beforeprint", "afterprint"} <= set(re.findall(r'addEventListener\("(\w+)"', script))


def test_all_colours_of_text_stand_out_in_both_themes():
    style = static_files()["style.css"]
    pairs = re.findall(r"--(\w+): light-dark\((#\w{6}), (#\w{6})\);", style)
    colours = {name: tones for name, *tones in pairs}
    for theme in (0, 1):
        for ground in ("paper", "raised"):
            for ink in ("ink", "soft", "link", "mark"):
                dark, light = sorted(luminance(colours[name][theme]) for name in (ground, ink))
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground, theme)


def test_what_pages_load_names_nothing_elsewhere():
    for name, text in static_files().items():
        addresses = set(re.findall(r"https?://[^\"'\s)]+", text))
        assert addresses <= {"http://www.w3.org/2000/svg"}, name
        assert "@import" not in text
        assert not re.search(r"innerHTML|document\.write|\beval\b", text)


def test_a_page_of_an_empty_archive_says_so():
    tree = html.document_fromstring(index_page(Lang.EN, site({}, topics=())))
    assert "Nothing here yet." in tree.text_content()
    bare = day_page(date(2026, 2, 6), [], Lang.ZH, site())
    assert "当日没有属于本归档主题的论文" in bare
