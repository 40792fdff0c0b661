"""Titles of sections and labels of floats, taken apart from their numbers. Pure."""

import re
from dataclasses import dataclass

from lxml.etree import _Element

from jobs.fulltext.html.inline import running
from jobs.fulltext.html.kinds import Kind, classes_of, kind_of

_KEYWORD = re.compile(
    r"\A(?:appendix|appendices|section|chapter|part|附录|§)\s*(?=\S)", re.IGNORECASE
)
_TYPED_NUMBER = re.compile(
    r"\A(?:(?P<plain>\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d{1,2}){1,3})[.:]?"
    r"|(?P<dotted>[IVXL]+|[A-Z])[.:])\s+(?=\S)"
)
"""A number that the author typed into the title."""
_APPENDIX = re.compile(
    r"\A(?:appendi(?:x|ces)\b|附录|补充材料"
    r"|supplement(?:ary|al|s)?(?:\s+(?:materials?|information|document|notes?))?\s*\Z)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\A(?P<label>(?:table|figure|fig\.|algorithm|listing|图|表|算法)\s*"
    r"(?:[A-Z]{1,2}[.-]?)?(?:\d+(?:\.\d+)*|[IVXL]+)[a-z]?)\s*(?:[.:：|]|\Z)\s*",
    re.IGNORECASE,
)
_PANEL = re.compile(r"\A\(?[a-zA-Z0-9]{1,3}\)\Z")
_ENDED = tuple(".:?!。：？！")


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's title."""

    title: str
    number: str
    appendix: bool

    @property
    def name(self) -> str:
        """As the section is cited."""
        return f"{self.number} {self.title}".strip()


@dataclass(frozen=True, slots=True)
class Caption:
    """A float's caption without its label."""

    label: str
    text: str

    @property
    def is_panel(self) -> bool:
        """Whether the label is a part's, `(a)`, or none."""
        return not self.label or _PANEL.match(self.label) is not None


def heading_of(title: _Element) -> Heading:
    """The heading that a section's title element says."""
    text = running(title)
    tag = _tag(title)
    tagged = running(tag) if tag is not None else ""
    number = _KEYWORD.sub("", tagged).strip(" .:§—–")
    rest = text.removeprefix(tagged).lstrip(" .:—–") if tagged else text
    if not number and (typed := _TYPED_NUMBER.match(rest)):
        number = typed["plain"] or typed["dotted"]
        rest = rest[typed.end() :]
    appendix = "ltx_title_appendix" in classes_of(title) or bool(_APPENDIX.match(tagged or rest))
    return Heading(rest, number, appendix)


def caption_of(caption: _Element, notes: list[str]) -> Caption:
    """The caption that a caption element says."""
    text = running(caption, notes)
    tag = _tag(caption)
    tagged = running(tag) if tag is not None else ""
    if tagged:
        return Caption(_label(tagged), text.removeprefix(tagged).lstrip(" .:：|—–"))
    if found := _LABEL.match(text):
        return Caption(_label(found["label"]), text[found.end() :])
    return Caption("", text)


def run_in(title: str) -> str:
    """A title that begins its paragraph, ended like a sentence."""
    return title if not title or title.endswith(_ENDED) else f"{title}."


def _label(text: str) -> str:
    """`TABLE I: ` as the text refers to it."""
    label = text.strip(" .:：|—–")
    word, _, number = label.partition(" ")
    return f"{word.capitalize()} {number}" if number and word.isupper() and len(word) > 1 else label


def _tag(element: _Element) -> _Element | None:
    """The element's own label."""
    spans = element.iterdescendants("span")
    return next((each for each in spans if _is_tag(each)), None)


def _is_tag(element: _Element) -> bool:
    return "ltx_tag" in classes_of(element) and kind_of(element) is not Kind.SKIPPED
