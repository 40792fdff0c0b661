"""Addresses in texts: what is cut, what is joined, what is code and what is a project's page."""

import json
import lzma
import re

import pytest
from absurd import ADDRESSES
from hypothesis import given
from hypothesis import strategies as st

from formatters.text.links import addresses, code_links, project_links

ROW = re.compile(
    r"\|\*\*(?P<day>[\d-]+)\*\*\|\[(?P<title>.*)\]\((?P<href>\S+)\)\|(?P<code>.*?)\|(?P<text>.*)\|"
)
HOSTS = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|huggingface\.co|bitbucket\.org"
    r"|anonymous\.4open\.science)/[A-Za-z0-9]",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Code: https://github.com/made-up/one.", "https://github.com/made-up/one"),
        ("(see https://github.com/made-up/one)", "https://github.com/made-up/one"),
        ("https://en.wiki.org/wiki/Round_(paper).", "https://en.wiki.org/wiki/Round_(paper)"),
        ("代码可在https://github.com/made-up/one获取。", "https://github.com/made-up/one"),
        ("模型（https://example.org/a），已开源", "https://example.org/a"),
        ("网址为https://Made-Up.github.io。", "https://Made-Up.github.io"),
        (r"\href{https://example.org/a}{\textbf{here}}.", "https://example.org/a"),
        (r"\href{ https://example.org/a}{ here}", "https://example.org/a"),
        (r"\href{Bench}{https://example.org/a}", "https://example.org/a"),
        (r"$\href{https://example.org/a}{here}$", "https://example.org/a"),
        (r"\url{https://example.org/a\_b\%20c\#d\~e}", "https://example.org/a_b%20c#d~e"),
        (r"\url{https://example.org/a{\_}b$\_$c}", "https://example.org/a_b_c"),
        (r"https://a.org/\textasciitilde{}ada/x\textunderscore{}y", "https://a.org/~ada/x_y"),
        ("[https://example.org/a](https://example.org/a).", "https://example.org/a"),
        ("**https://example.org/a**", "https://example.org/a"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("&lt;https://example.org/?a=1&amp;b=2&gt;", "https://example.org/?a=1&b=2"),
        ("https://example.org/a.git'.", "https://example.org/a.git"),
        ("https: //github.com/made-up/one now", "https://github.com/made-up/one"),
        ("https://https://example.org/a", "https://example.org/a"),
        ("https://example.org/a.%\\footnote{As of now}", "https://example.org/a"),
        ("https://github.com/made- Up/one for all", "https://github.com/made-Up/one"),
        ("https://github.com/MADE- UP- X/one.git", "https://github.com/MADE-UP-X/one.git"),
        ("https://made- up.github. io/one", "https://made-up.github.io/one"),
        ("https://github.com/\nmade-up/\none-and-\ntwo", "https://github.com/made-up/one-and-two"),
        ("https://example.org/a- a dash follows", "https://example.org/a-"),
        ("https://made-up.github.io/\nCode is there", "https://made-up.github.io/"),
        ("in github.com/made-up/one.", "https://github.com/made-up/one"),
        ("位于github.com/made-up/one。", "https://github.com/made-up/one"),
        ("demo at made-up.github.io/one, too", "https://made-up.github.io/one"),
        ("https://example.org:8080/a", "https://example.org:8080/a"),
    ],
)
def test_an_address_is_what_its_author_meant(text, found):
    assert addresses(text) == (found,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It will be released on github.com under the MIT license.",
        "https://(open-upon-acceptance)",
        "https:/one-slash.org",
        "ada@github.com/x",
        "notgithub.com/made-up/one",
        "http is a protocol",
    ],
)
def test_what_is_no_address_is_none(text):
    assert addresses(text) == ()


def test_each_address_is_told_once_and_in_order():
    text = (
        "https://b.org/2, http://www.b.org/2/ and https://a.org/1,https://a.org/3; "
        "\\href{https://b.org/2}{https://b.org/2}"
    )
    assert addresses(text) == ("https://b.org/2", "https://a.org/1", "https://a.org/3")


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/made-up/one",
        "https://www.github.com/made-up/one",
        "https://github.com/made-up/one/tree/main/sub",
        "https://gist.github.com/made-up/0123456789abcdef",
        "https://gitlab.com/made-up/group/one",
        "https://gitlab.example.org/made-up/one",
        "https://bitbucket.org/made-up/one",
        "https://anonymous.4open.science/r/one-1A2B",
        "https://huggingface.co/made-up/model-7B",
        "https://hf.co/datasets/made-up/data",
        "https://huggingface.co/datasets/data",
        "https://huggingface.co/spaces/made-up/demo",
        "https://huggingface.co/collections/made-up/all-0123",
        "https://github.com/made-up",
    ],
)
def test_what_a_code_host_has_is_code_and_no_page(address):
    assert code_links(f"The project page is {address}.") == (address,)
    assert project_links(f"The project page is {address}.") == ()


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com",
        "https://github.com/features/actions",
        "https://github.com/orgs/made-up",
        "https://huggingface.co/papers/2602.00001",
        "https://huggingface.co/datasets",
        "https://huggingface.co/docs/hub",
        "https://anonymous.4open.science/w/one-1A2B",
        "https://made-up.github.io/one",
        "https://github.community/made-up/one",
        "https://example.org/github.com/made-up/one",
    ],
)
def test_what_a_code_host_says_of_itself_and_what_others_have_is_no_code(address):
    assert code_links(f"Code: {address}.") == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Code: https://made-up.github.io/one", ("https://made-up.github.io/one",)),
        ("Videos: https://sites.google.com/view/one", ("https://sites.google.com/view/one",)),
        ("The project page is available at: https://one.org/", ("https://one.org/",)),
        ("Homepage (https://one.org)", ("https://one.org",)),
        ("项目页面：https://one.org/。", ("https://one.org/",)),
        ("项目网页可在https://one.org/two获取。", ("https://one.org/two",)),
        (r"see the \href{https://one.org}{Project Page}", ("https://one.org",)),
        (r"project page: \href{https://one.org}{here}", ("https://one.org",)),
        ("https://anonymous.4open.science/w/one", ("https://anonymous.4open.science/w/one",)),
        ("The data are at https://one.org.", ()),
        ("Project video: https://youtu.be/one", ()),
        ("project (https://doi.org/10.1/one)", ()),
    ],
)
def test_a_project_page_is_known_by_its_host_or_by_the_words_before_it(text, found):
    assert project_links(text) == found


def test_repositories_come_before_models_and_owners_only_where_nothing_better_is():
    abstract = "https://huggingface.co/made-up and https://huggingface.co/made-up/model"
    comment = "Code: https://github.com/made-up/one.git, again http://github.com/Made-Up/one/"
    assert code_links(abstract, comment) == (
        "https://github.com/made-up/one",
        "https://huggingface.co/made-up/model",
    )
    assert code_links("https://github.com/made-up.") == ("https://github.com/made-up",)


@given(
    st.lists(
        st.one_of(
            st.sampled_from([*"/.-_ \n){}(\\$%#~&;,，。", "https://", "github.com/", "a.b"]),
            st.characters(),
        ),
        max_size=60,
    ).map(lambda pieces: "x https://a.io" + "".join(pieces))
)
def test_an_address_is_always_ascii_on_one_line_with_a_host(text):
    for address in addresses(text):
        assert re.fullmatch(r"https?://[\w-]+(\.[\w-]+)+[!-~]*", address, re.ASCII | re.IGNORECASE)
        assert not address.endswith((".", ",", ";"))


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_hostile_text_is_searched(name):
    text = ADDRESSES[name].whole
    assert set(code_links(text)) <= set(addresses(text))
    assert set(project_links(text)) <= set(addresses(text))


@pytest.mark.real_data
def test_every_code_link_that_a_table_of_another_system_missed_is_found(real_data):
    table = real_data.parent / "reference" / "topic-tables-2025-10-11.md"
    rows = [ROW.fullmatch(line) for line in table.read_text("utf-8").splitlines()]
    missed = [row["text"] for row in rows if row is not None and row["code"] == "null"]
    assert len(missed) == 414
    found = [(text, code_links(text)) for text in missed]
    assert sum(1 for _, links in found if links) == 32
    assert all(bool(links) == bool(HOSTS.search(text)) for text, links in found)
    assert all(link in text for text, links in found for link in links)


@pytest.mark.real_data
def test_no_link_to_a_code_host_in_real_metadata_is_missed(real_data):
    with lzma.open(real_data / "papers" / "papers-2026-q1.jsonl.xz", "rt") as lines:
        papers = [json.loads(line) for line in lines]
    texts = [f"{paper['abstract']} {paper['comment'] or ''}" for paper in papers]
    naming = [text for text in texts if HOSTS.search(text)]
    without = [text for text in naming if not code_links(text)]
    assert len(naming) > 3_000
    assert len(without) < 10
    assert all(re.search(r"4open\.science/w/|huggingface\.co/(papers|blog)/", t) for t in without)
