"""Which papers are near another one: they share its keyphrases and its title's rarer words.

Pure. What has a phrase comes from the index that is given.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import log

from formatters.text import readable
from jobs.keyphrases import keyphrases
from jobs.matching import Index
from storage.models import Paper
from storage.syntax import And, Node, Or, PaperRef, Text

FEWEST_SHARED = 2
"""One phrase alone makes no neighbour, unless it is rare."""
RARE = 0.002
"""The share of all papers up to which a phrase is."""
COMMON, COMMON_WORD = 0.2, 0.03
"""A phrase, a single word of the title, that more papers have tells nothing."""
WORD_WEIGHT = 0.5
_WORD = re.compile(r"[^\W\d_][\w-]{3,}")


@dataclass(frozen=True, slots=True)
class Near:
    """One paper that is near."""

    row: int
    score: float
    shared: tuple[str, ...]
    """The phrases of the other paper that it has, the most telling first."""


def nearest(paper: Paper, index: Index, most: int) -> list[Near]:
    """The papers that share most with `paper`, the nearest first; itself left out."""
    signs = [sign for sign in _signs(paper, index) if sign.rows]
    shared: defaultdict[int, list[_Sign]] = defaultdict(list)
    for sign in sorted(signs, key=lambda sign: -sign.weight):
        for row in sign.rows:
            shared[row].append(sign)
    rare = max(1, RARE * len(index.universe))
    near = [
        Near(row, sum(sign.weight for sign in found), tuple(sign.text for sign in found))
        for row, found in shared.items()
        if len(found) >= FEWEST_SHARED or len(found[0].rows) <= rare
    ]
    return sorted(near, key=lambda one: (-one.score, -one.row))[:most]


def query_of(paper: Paper) -> Node | None:
    """A search for papers that have two of its best phrases; None where it has none."""
    best = [_leaf(phrase) for phrase in keyphrases(paper.title, paper.abstract)[:4]]
    if not best:
        return None
    first, *others = best
    if not others:
        return first
    pairs = tuple(And((first, other)) for other in others)
    return Or(pairs) if len(pairs) > 1 else pairs[0]


@dataclass(frozen=True, slots=True)
class _Sign:
    """A phrase or a word of the paper, and the other papers that have it."""

    text: str
    rows: frozenset[int]
    weight: float


def _signs(paper: Paper, index: Index) -> Iterator[_Sign]:
    everything = len(index.universe)
    others = index.universe - index.rows(PaperRef(paper.id))
    phrases = keyphrases(paper.title, paper.abstract)
    said = " ".join(phrases).casefold()
    words = [word for word in _WORD.findall(readable(paper.title)) if word.casefold() not in said]
    for texts, common, factor in ((phrases, COMMON, 1.0), (words, COMMON_WORD, WORD_WEIGHT)):
        for text in dict.fromkeys(texts):
            rows = index.rows(_leaf(text)) & others
            if rows and len(rows) <= max(FEWEST_SHARED, common * everything):
                yield _Sign(text, rows, factor * log(1 + everything / len(rows)))


def _leaf(phrase: str) -> Text:
    return Text(phrase, phrase=" " in phrase)
