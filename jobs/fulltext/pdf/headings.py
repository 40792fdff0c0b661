"""Which lines are headings. Pure.

A heading is told by its number, its size, its weight and the room around it; one without a
number only by a known name, or by its style where the document numbers none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from jobs.fulltext.pdf.blocks import Body
from jobs.fulltext.pdf.columns import Column
from jobs.fulltext.pdf.lines import Line, share

_ARABIC = re.compile(
    r"(?:Section )?(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.? (?P<title>\D.*|\d\D.*)"
)
_ROMAN = re.compile(r"(?P<number>[IVX]{1,5})\. (?P<title>[^\W\d_].*)")
_LETTER = re.compile(r"(?P<number>[A-Z](?:\.\d{1,2}){0,3})\.? (?P<title>[A-Z0-9“(].*)")
_APPENDIX = re.compile(
    r"(?:Appendix|APPENDIX) (?P<number>[A-Z]|[IVX]+)(?:[.:] ?| [—–-] ?| |\Z)(?P<title>.*)"
)
_KNOWN = re.compile(
    r"(?:abstract|summary|introduction|related works?|background|methods?|methodology|experiments?"
    r"|results|discussion|(?:discussion and )?conclusions?|(?:conclusions? and )?future works?"
    r"|limitations?|ethic(?:s|al)(?: (?:statement|considerations?))?"
    r"|(?:broader )?impact(?: statement)?|reproducibility(?: statement)?|appendix|appendices"
    r"|acknowledge?ments?|references|bibliography|literature cited|works cited"
    r"|supplementary(?: materials?)?|author contributions|data availability(?: statement)?"
    r"|code availability|funding|declarations|competing interests|keywords|ccs concepts"
    r"|acm reference format|index terms|(?:table of )?contents)[:.]?",
    re.IGNORECASE,
)
_PAGE = re.compile(r"[ .…]*\d{1,4}\Z")
_LONGEST = 160
_MOST_LINES = 3
_MOST_WORDS = 16
_STYLED = 0.7
_LARGE = 1.06
_SET_OFF = 1.12
"""Of the pitch: the room over a heading, at least."""
_NUMBERED = 3
"""Numbered headings that make a document one that numbers them."""
_SKIPPED = 2
_CAPITALS = 4
"""Letters that make a word in capitals a heading."""
_SENTENCE_END = (".", ",", ";", ":", "-")


class Numbering(Enum):
    """How a heading is counted."""

    NONE = auto()
    ARABIC = auto()
    ROMAN = auto()
    LETTER = auto()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of one line or more."""

    title: str
    number: str
    level: int
    lines: tuple[Line, ...]
    numbering: Numbering = Numbering.NONE
    known: bool = False


def headings(columns: Sequence[Column], body: Body) -> list[Heading]:
    """All of the document's, in reading order."""
    candidates = [found for column in columns for found in _candidates(column, body)]
    kept = list(_in_order(_without_contents(candidates)))
    counts = sum(heading.numbering is not Numbering.NONE for heading in kept) >= _NUMBERED
    large = _LARGE * body.size
    return [
        heading
        for heading in kept
        if heading.numbering is not Numbering.NONE
        or heading.known
        or not counts
        or (heading.lines[0].size >= large and heading.lines[0].page > 1)
    ]


def _candidates(column: Column, body: Body) -> Iterator[Heading]:
    lines = column.lines
    at = 0
    after_heading = False
    while at < len(lines):
        line = lines[at]
        gap = lines[at - 1].baseline - line.baseline if at else None
        set_off = gap is None or after_heading or gap > _SET_OFF * body.pitch
        if set_off and _styled(line, body):
            end = _end(lines, at, column)
            heading = _read(lines[at:end], body)
            if heading:
                yield heading
                at, after_heading = end, True
                continue
        at, after_heading = at + 1, False


def _styled(line: Line, body: Body) -> bool:
    """Whether the line looks like a heading, or is one by name and stands in small capitals."""
    if len(line.text) > _LONGEST or not any(map(str.isalpha, line.text)):
        return False
    if line.size < 0.9 * body.size and not _KNOWN.fullmatch(line.text):
        return False
    if share(line, "bold") >= _STYLED or line.size >= _LARGE * body.size:
        return True
    capitals = line.text.isupper() and len(line.text) > _CAPITALS
    faced = line.runs[-1].face.name != body.face and not line.runs[-1].face.math
    italic = share(line, "italic") > _STYLED and bool(
        _LETTER.match(line.text) or _ARABIC.match(line.text)
    )
    small_caps = faced and bool(_ROMAN.match(line.text))
    return capitals or italic or small_caps or bool(_ROMAN.match(line.text) and _upper(line.text))


def _upper(text: str) -> bool:
    return text.upper() == text


def _end(lines: Sequence[Line], at: int, column: Column) -> int:
    """After the heading's last line: a full line goes on in the next one of its style."""
    end = at + 1
    while end < len(lines) and end - at < _MOST_LINES:
        above, line = lines[end - 1], lines[end]
        same = abs(above.size - line.size) < 0.02 * line.size and (
            line.runs[0].face == above.runs[-1].face
        )
        close = above.baseline - line.baseline < 1.5 * line.size
        full = above.right > column.left + 0.6 * column.width
        if not (same and close and full) or _numbered(line.text):
            break
        end += 1
    return end


def _read(lines: Sequence[Line], body: Body) -> Heading | None:
    """The heading that these lines say, if it is one."""
    text = " ".join(line.text for line in lines)
    if len(text.split()) > _MOST_WORDS:
        return None
    if _KNOWN.fullmatch(text):
        return Heading(text.rstrip(".:"), "", 1, tuple(lines), known=True)
    if found := _numbered(text):
        number, title, numbering = found
        title = title if title.endswith("?") else title.strip(" .:–—-")
        heading = Heading(title, number, _level(number, numbering), tuple(lines), numbering)
        return heading if any(map(str.isalpha, title)) else None
    large = lines[0].size >= _LARGE * body.size
    sentence = text.endswith(_SENTENCE_END) or not text[0].isupper()
    if sentence or not (large or share(lines[0], "bold") == 1.0):
        return None
    return Heading(text, "", 1 if large else 2, tuple(lines))


def _numbered(text: str) -> tuple[str, str, Numbering] | None:
    if match := _APPENDIX.match(text):
        return match["number"], match["title"] or text, Numbering.LETTER
    for pattern, numbering in (
        (_ARABIC, Numbering.ARABIC),
        (_ROMAN, Numbering.ROMAN),
        (_LETTER, Numbering.LETTER),
    ):
        if match := pattern.match(text):
            return match["number"], match["title"], numbering
    return None


def _without_contents(candidates: Sequence[Heading]) -> list[Heading]:
    """Without a table of contents: numbered headings that come again, there with their page."""
    again: set[tuple[str, str]] = set()
    kept: list[Heading] = []
    for heading in reversed(candidates):
        key = heading.number, _PAGE.sub("", heading.title).casefold()
        if heading.number and key in again:
            continue
        again.add(key)
        kept.append(heading)
    return kept[::-1]


def _level(number: str, numbering: Numbering) -> int:
    return 1 if numbering is Numbering.ROMAN else number.count(".") + 1


def _in_order(candidates: Sequence[Heading]) -> Iterator[Heading]:
    """Without what only begins with a number, which then is out of order."""
    top, roman, after_references = 0, False, False
    for heading in candidates:
        first = heading.number.partition(".")[0]
        match heading.numbering:
            case Numbering.ARABIC:
                if not top <= int(first) <= top + _SKIPPED and not after_references:
                    continue
                top = int(first)
            case Numbering.ROMAN:
                if len(first) == 1 and first in "CDLM":
                    continue
                roman = True
            case Numbering.LETTER:
                if roman and not after_references:
                    yield Heading(
                        heading.title, heading.number, 2, heading.lines, heading.numbering
                    )
                    continue
            case Numbering.NONE:
                after_references |= is_references(heading)
        yield heading


def is_references(heading: Heading) -> bool:
    """Whether the literature stands under it."""
    title = heading.title.casefold()
    return title in {"references", "bibliography", "literature cited", "works cited"}
