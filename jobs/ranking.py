"""In which order a topic's papers stand, and which papers of several topics are shown.

Pure and deterministic. Knows rows, days and scores, neither texts nor chats.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, islice
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

_RECENCY = 0.25
"""How much more the newest day of the window counts than its oldest."""


@dataclass(frozen=True, slots=True)
class Ranked(Generic[K]):
    """A matched paper with what decides its place."""

    paper: K
    day: date
    """Announcement day."""
    position: int
    """Place in the order of announcement, over all days; ascending."""
    score: float = 0.0
    """bm25; 0 where the topic has no words."""


@dataclass(frozen=True, slots=True)
class Placed(Generic[K]):
    """A paper in the section that prints it."""

    paper: K
    section: int
    also: tuple[int, ...]
    """The other sections that it belongs to, ascending."""


@dataclass(frozen=True, slots=True)
class Selection(Generic[K]):
    """What a digest shows and what it leaves over, both in their order."""

    shown: tuple[Placed[K], ...]
    left_over: tuple[Placed[K], ...]


def order(matched: Sequence[Ranked[K]]) -> tuple[Ranked[K], ...]:
    """The papers of one topic, the best first.

    The score decides, mildly raised for newer days; where that is equal, as in a topic of
    nothing but a category, it is the newest day first and then the order of announcement.
    """
    if not matched:
        return ()
    first, last = min(m.day for m in matched), max(m.day for m in matched)
    window = max(1, (last - first).days)

    def place(ranked: Ranked[K]) -> tuple[float, int, int]:
        age = (last - ranked.day).days
        return -ranked.score * (1 + _RECENCY * (1 - age / window)), age, ranked.position

    return tuple(sorted(matched, key=place))


def interleave(
    sections: Sequence[Sequence[Ranked[K]]], limits: Sequence[int | None], total: int
) -> Selection[K]:
    """Share `total` places fairly among the sections, each in the order that it comes in.

    In turn, each section takes its best paper that no other has taken yet; so a paper is
    printed once, where it ranks best. A section shows at most its limit (None: no limit of
    its own). What finds no place is left over, shared out in the same way.
    """
    members = _members(sections)
    taken: set[K] = set()

    def placed(pairs: Iterator[tuple[int, K]]) -> tuple[Placed[K], ...]:
        return tuple(
            Placed(paper, section, tuple(s for s in members[paper] if s != section))
            for section, paper in pairs
        )

    shown = placed(islice(_take_turns(sections, limits, taken), total))
    left_over = placed(_take_turns(sections, [None] * len(sections), taken))
    return Selection(shown, left_over)


def _take_turns(
    sections: Sequence[Sequence[Ranked[K]]], limits: Sequence[int | None], taken: set[K]
) -> Iterator[tuple[int, K]]:
    """(section, paper) in the order of taking; a section takes one a turn."""
    going_on = {section: iter(papers) for section, papers in enumerate(sections)}
    for turn in count():
        for section, papers in tuple(going_on.items()):
            limit = limits[section]
            full = limit is not None and turn >= limit
            free = None if full else next((r for r in papers if r.paper not in taken), None)
            if free is None:
                del going_on[section]
                continue
            taken.add(free.paper)
            yield section, free.paper
        if not going_on:
            return


def _members(sections: Sequence[Sequence[Ranked[K]]]) -> dict[K, list[int]]:
    members: dict[K, list[int]] = {}
    for section, papers in enumerate(sections):
        for ranked in papers:
            members.setdefault(ranked.paper, []).append(section)
    return members
