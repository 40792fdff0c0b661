"""Code and algorithms: LaTeXML's lines to text, indentation kept. Pure."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element

from formatters.text import strip_controls
from jobs.fulltext.html.inline import inline_formula
from jobs.fulltext.html.kinds import Kind, classes_of, kind_of

_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_LINE = "ltx_listingline"
_NUMBER = "ltx_tag_listingline"
_CLOSED = {Kind.SKIPPED, Kind.MATHS, Kind.NOTE, Kind.IMAGE}


def listing_of(element: _Element) -> str:
    """The listing's text.

    Spaces that count are no-break ones in LaTeXML's HTML, all others only wrap its source.
    An algorithm keeps its line numbers, to which the text refers; code loses them.
    """
    if element.tag == "pre":
        return strip_controls("".join(map(str, element.itertext()))).strip("\n").rstrip()
    is_code = any(name.startswith("ltx_lst") for name in classes_of(element))
    text = strip_controls("".join(_pieces(element, numbered=not is_code)))
    lines = (_BLANKS.sub(" ", each).strip(" ") for each in text.split("\n"))
    return "\n".join(each.replace("\xa0", " ").rstrip() for each in lines if each)


def is_inline(element: _Element) -> bool:
    """Whether a listing is a few words of code in a sentence."""
    return element.tag in ("span", "code") and not any(
        _LINE in classes_of(each) for each in element.iterdescendants()
    )


def _pieces(root: _Element, *, numbered: bool) -> Iterator[str]:
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "end":
            if element is not root:
                yield _BLANKS.sub(" ", element.tail or "")
            continue
        kind, classes = kind_of(element), classes_of(element)
        if kind in (Kind.BREAK, Kind.BLOCK) or _LINE in classes:
            yield "\n"
        if _NUMBER in classes:
            walker.skip_subtree()
            number = "".join(map(str, element.itertext())).strip(" :\n\xa0")
            yield f"{number}: " if numbered and number else ""
        elif kind in _CLOSED:
            walker.skip_subtree()
            yield inline_formula(element) if kind is Kind.MATHS else ""
        else:
            yield _BLANKS.sub(" ", element.text or "")
