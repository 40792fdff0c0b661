"""Whatever the bytes, a page is read or refused in words."""

import pytest
from absurd import PAGES
from html_pages import page, para, reading
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.ports import SourceError
from storage.models.fulltext import FullText

TAGS = (
    "p div span table tr td th figure figcaption section ul li dl dt dd math svg foreignObject a br"
    " img pre sup h2 article template"
)
KINDS = (
    "p para tabular tr td equation equationgroup figure table float listing listingline note title"
    " tag section appendix bibliography bibitem abstract caption item tag_item picture Math ERROR"
    " text phantom break document title_document"
)
NAMES = st.sampled_from(TAGS.split())
CLASSES = st.sampled_from([f"ltx_{name}" for name in KINDS.split()])
ATTRIBUTES = st.sampled_from(
    [
        "style='color:#fff'", "style='display:none'", "style=';;:;'", "style='font-size:1e99%'",
        "colspan='999999999'", "rowspan='-3'", "colspan='²'", "href='http://[broken'",
        "src='//[x'", "alttext='a%\nb $ \\'", "display='block'", "hidden", "aria-hidden='true'",
        "style='transform:translate(1e9e9px) scale(.);color:rgb(a,b)'",
    ]
)  # fmt: skip
TEXT = st.one_of(st.text(max_size=20), st.sampled_from(["$", "|", "\\", "&#0;", "<", "1", "。"]))
OPENING = st.builds("<{0} class='{1}' {2}>".format, NAMES, CLASSES, ATTRIBUTES)
PIECES = st.one_of(OPENING, st.builds("</{0}>".format, NAMES), TEXT)


def read_or_refused(content):
    try:
        return isinstance(reading(content), FullText)
    except SourceError as error:
        return error.cause in ("foreign-page", "truncated")


@given(st.lists(PIECES, max_size=40))
@settings(max_examples=200)
def test_a_broken_page_is_read_or_refused(pieces):
    assert read_or_refused(page("".join(pieces).encode("utf-8", "replace").decode()))


@given(st.binary(max_size=300))
def test_bytes_that_are_no_page_are_refused(content):
    assert read_or_refused(content)


@given(st.data())
@settings(max_examples=50)
def test_a_page_that_is_cut_anywhere_is_refused(data):
    whole = page(para("One gauge stood still."))
    cut = data.draw(st.integers(0, whole.rindex(b"</html>") + 6))
    with pytest.raises(SourceError):
        reading(whole[:cut])


@pytest.mark.parametrize("name", PAGES)
def test_a_monstrous_page_is_read_or_refused(name):
    assert read_or_refused(page(PAGES[name].whole))
