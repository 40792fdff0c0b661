"""The sentences of a paper that answer a question best, or none.

Pure, without a model. Sentences are weighed by the question's terms in them, rare ones
most (BM25), by terms that stand side by side as in the question, and by what their
heading and their neighbours add. Where too little of the question occurs, the paper does
not say, and nothing is returned.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from jobs.chinese import has_han
from jobs.openers import dangles
from jobs.outline.asking import Question, read_question, stems_in
from jobs.outline.reading import sentences_in
from jobs.outline.roles import Role, roles_of
from jobs.outline.wording import MOST_CHARACTERS, legible, plain
from storage.models import Claim, Figure, FullText, Listing, Paragraph, Table

MOST_QUOTED = 500
"""Characters of a passage."""
_LEAST_COVERED = 0.5
"""Share of the question, by the weight of its terms, that a passage must have."""
_WORTH_BESIDE = 0.45
"""A neighbour that is worth so much of a sentence is quoted with it."""
_BESIDE = 0.35
_IN_HEADING = 0.5
_ALIKE = 0.6
_K, _B = 1.2, 0.3
_ROLES: Mapping[Role, float] = {Role.RELATED: 0.75, Role.OTHER: 0.85, Role.ABSTRACT: 0.9}


@dataclass(frozen=True, slots=True)
class _Unit:
    """One sentence, or a caption."""

    paragraph: int
    whole: str
    """The text that it stands in."""
    start: int
    end: int
    stems: tuple[str, ...]
    heading: frozenset[str]
    section: str | None
    role: Role
    table: str | None = None

    @property
    def quote(self) -> str:
        return self.whole[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Found:
    """What a sentence holds of a question."""

    worth: float
    covered: float
    own: bool
    """A term stands in the sentence itself."""


def passages_for(question: str, text: FullText, most: int) -> list[Claim]:
    """At most so many passages, the best first; empty where the paper does not say."""
    units = list(_units(text))
    asked = read_question(question, chinese=_mostly_chinese(units))
    if not asked.terms or not units:
        return []
    weights = _weights(asked, units)
    found = [_found(asked, weights, units, at) for at in range(len(units))]
    ranked = sorted(range(len(units)), key=lambda at: -found[at].worth)
    answering = (at for at in ranked if found[at].own and found[at].covered >= _LEAST_COVERED)
    return _told(answering, units, found, most)


def _told(
    ranked: Iterator[int], units: Sequence[_Unit], found: Sequence[_Found], most: int
) -> list[Claim]:
    claims: list[Claim] = []
    used: set[int] = set()
    for at in ranked:
        if len(claims) >= most:
            break
        first, last = _window(at, units, found)
        if used & set(range(first, last + 1)):
            continue
        unit = units[at]
        quote = unit.whole[units[first].start : units[last].end]
        said = plain(quote)
        if legible(said):
            used |= set(range(first, last + 1))
            claims.append(Claim(said, unit.section, quote, table=unit.table))
    return claims


def _window(at: int, units: Sequence[_Unit], found: Sequence[_Found]) -> tuple[int, int]:
    """The sentence with those around it that it leans on or that answer, too."""
    first = last = at
    if dangles(units[at].quote) or not units[at].quote[:1].isupper():
        first = _joined(first - 1, first, last, units) or first
    for step in (1, -1, 1):
        beside = last + 1 if step > 0 else first - 1
        if not 0 <= beside < len(units) or found[beside].worth < _WORTH_BESIDE * found[at].worth:
            continue
        if _joined(beside, first, last, units) is not None:
            first, last = min(first, beside), max(last, beside)
    return first, last


def _joined(beside: int, first: int, last: int, units: Sequence[_Unit]) -> int | None:
    """The neighbour, if it stands in the same paragraph and there is room for it."""
    if not 0 <= beside < len(units) or units[beside].paragraph != units[first].paragraph:
        return None
    start = min(units[first].start, units[beside].start)
    return beside if max(units[last].end, units[beside].end) - start <= MOST_QUOTED else None


def _weights(asked: Question, units: Sequence[_Unit]) -> Mapping[str, float]:
    """How rare each term is; rarest what the paper lacks."""
    having = Counter(stem for unit in units for stem in set(unit.stems))
    count = len(units)
    return {
        term: log(1 + (count - having[term] + 0.5) / (having[term] + 0.5)) for term in asked.terms
    }


def _found(
    asked: Question, weights: Mapping[str, float], units: Sequence[_Unit], at: int
) -> _Found:
    unit = units[at]
    counts = Counter(unit.stems)
    beside = _stems_beside(units, at)
    worth = covered = 0.0
    own = False
    for term, weight in weights.items():
        share = _share(term, counts, beside, unit.heading, asked)
        own = own or counts[term] > 0 or any(counts[like] for like in asked.alike.get(term, ()))
        worth += weight * share
        covered += weight * min(1.0, 2 * share) if share else 0.0
    worth += 0.5 * _side_by_side(asked.terms, unit.stems, weights)
    if asked.quantity and own and any(char.isdigit() for char in unit.quote):
        worth *= 1.25
    length = 1 - _B + _B * len(unit.stems) / 22
    covered /= sum(weights.values())
    return _Found(worth * covered / length * _ROLES.get(unit.role, 1.0), covered, own)


def _share(
    term: str,
    counts: Mapping[str, int],
    beside: frozenset[str],
    heading: frozenset[str],
    asked: Question,
) -> float:
    """How much of a term's weight a sentence earns."""
    if count := counts[term]:
        return count * (_K + 1) / (count + _K)
    alike = asked.alike.get(term, frozenset())
    return max(
        _IN_HEADING * (term in heading),
        _ALIKE * any(counts[like] for like in alike),
        _BESIDE * (term in beside),
    )


def _stems_beside(units: Sequence[_Unit], at: int) -> frozenset[str]:
    return frozenset(
        stem
        for beside in (at - 1, at + 1)
        if 0 <= beside < len(units) and units[beside].paragraph == units[at].paragraph
        for stem in units[beside].stems
    )


def _side_by_side(
    terms: Sequence[str], stems: Sequence[str], weights: Mapping[str, float]
) -> float:
    """The weight of the question's terms that follow each other here as they do there."""
    pairs = set(pairwise(stems))
    return sum(
        weights[left] + weights[right] for left, right in pairwise(terms) if (left, right) in pairs
    )


def _units(text: FullText) -> Iterator[_Unit]:
    number = 0
    yield from _of_text(text.abstract, number, None, Role.ABSTRACT)
    for section, role in zip(text.sections, roles_of(text.sections), strict=True):
        for passage in section.passages:
            number += 1
            match passage:
                case Paragraph(words):
                    yield from _of_text(words, number, section.name, role)
                case Table(_, label, caption):
                    yield from _of_text(caption, number, section.name, role, label or None)
                case Figure(caption) | Listing(_, _, caption):
                    yield from _of_text(caption, number, section.name, role)


def _of_text(
    text: str, number: int, section: str | None, role: Role, table: str | None = None
) -> Iterator[_Unit]:
    heading = frozenset(stems_in(section or ""))
    for start, end in sentences_in(text):
        if end - start <= MOST_CHARACTERS:
            stems = tuple(stems_in(text[start:end]))
            yield _Unit(number, text, start, end, stems, heading, section or None, role, table)


def _mostly_chinese(units: Sequence[_Unit]) -> bool:
    return 2 * sum(has_han(unit.quote) for unit in units) > len(units)
