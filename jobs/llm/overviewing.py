"""From a model's answer to an overview that can be shown: every part is checked. Pure.

What is good stays good over several answers. A theme loses the papers that don't fit it, and
falls where fewer than two are left; a text is judged against the papers that stand beside it,
so that no paper lends its numbers to another.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TypeVar

from jobs.llm import forms
from jobs.llm.belonging import Content, belongs, speaks_of
from jobs.llm.distinct import distinct
from jobs.verify import Field, Kind, Source, check
from storage.models import Direction, Lang, Overview, OverviewTheme, Paper, PaperId, Read, Summary

MOST_THEMES, MOST_DIRECTIONS, MOST_READS = 4, 3, 3
MOST_PAPERS = 6
"""Papers of a theme or a direction."""
FEWEST_PAPERS = 2
WORDS, NAME_WORDS = 25, 8
_ENOUGH_THEMES, _FEW_SHOWN = 2, 5
"""With fewer, faulty ones are asked for anew; up to five papers need but one."""
_MOST_LOOKED_AT = 12
"""Entries of a list: no model is right after so many."""

Said = TypeVar("Said")
Made = TypeVar("Made")

_NUMBER = r"#?\d{1,2}(?:\s*(?:[,，、–-]|and|和)\s*#?\d{1,2})*"
_IN_BRACKETS = re.compile(
    rf"\s*[\[(（【［]\s*(?:papers?|论文|文献|第)?\s*(?P<numbers>{_NUMBER})\s*篇?\s*[\])）】］]",
    re.IGNORECASE,
)
_BY_NUMBER = re.compile(
    rf"\bpapers?\s*{_NUMBER}\b|(?:论文|文献|编号)\s*{_NUMBER}|第\s*[\d一二三四五六七八九十]{{1,3}}\s*篇",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """A paper that is shown, with what was said of it."""

    paper: Paper
    summary: Summary
    content: Content

    @classmethod
    def of(cls, paper: Paper, summary: Summary) -> "Told":
        """Read once for all that is compared with it."""
        return cls(paper, summary, Content.of(paper, summary))


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is good so far of an overview."""

    told: Mapping[int, Told]
    """By the numbers that the model knows them under."""
    lang: Lang
    themes: tuple[OverviewTheme, ...] = ()
    directions: tuple[Direction, ...] = ()
    reads: tuple[Read, ...] = ()
    faults: tuple[str, ...] = ()
    """What keeps the last answer from being enough, for the model."""
    kinds: tuple[str, ...] = ()
    """Every fault so far, for statistics."""

    @classmethod
    def of(cls, shown: Sequence[tuple[Paper, Summary]], lang: Lang) -> "Sketch":
        """Nothing yet. Numbered from 1: models confuse longer names."""
        return cls({n: Told.of(*one) for n, one in enumerate(shown, 1)}, lang)

    def overview(self, engine: str) -> Overview | None:
        """The overview as far as it is good; None if no theme and no paper to read is."""
        if not self.themes and not self.reads:
            return None
        return Overview(engine, self.themes, self.directions, self.reads)


def judged(sketch: Sketch, answer: forms.Overview) -> Sketch:
    """The sketch with what is good of the answer, and the faults of what is still missing."""
    judge = _Judge(sketch)
    themes, of_themes = judge.each("themes", answer.themes, judge.theme)
    directions, of_directions = judge.each("directions", answer.directions, judge.direction)
    reads, of_reads = judge.each("reads", answer.reads, judge.read)
    made = replace(
        sketch,
        themes=distinct((*sketch.themes, *themes), lambda one: one.name)[:MOST_THEMES],
        directions=distinct((*sketch.directions, *directions), lambda one: one.text)[
            :MOST_DIRECTIONS
        ],
        reads=distinct((*sketch.reads, *reads), lambda one: one.paper)[:MOST_READS],
        kinds=(*sketch.kinds, *judge.kinds),
    )
    few = len(made.themes) < (1 if len(made.told) <= _FEW_SHOWN else _ENOUGH_THEMES)
    wanting = (*(of_themes if few else ()), *(of_reads if not made.reads else ()))
    if wanting and not made.directions:
        wanting = (*wanting, *of_directions)
    elif not wanting and made.overview("") is None:
        wanting = ("There was neither a theme nor a paper to read; write some.",)
    return replace(made, faults=wanting)


class _Unfit(Exception):
    """A part can't be shown."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__(*faults)
        self.faults = faults
        """Kinds, each with a sentence of plain English that the model is told."""


@dataclass(slots=True)
class _Judge:
    """Checks the parts of one answer and notes what is wrong with them."""

    sketch: Sketch
    kinds: list[str] = field(default_factory=list)
    sources: dict[frozenset[int], Source] = field(default_factory=dict)

    def each(
        self, name: str, said: Sequence[Said], judge: Callable[[Said], Made]
    ) -> tuple[list[Made], list[str]]:
        """What is good of a list, and the faults of the rest by their places."""
        good: list[Made] = []
        faults: list[str] = []
        for number, one in enumerate(said[:_MOST_LOOKED_AT], 1):
            try:
                good.append(judge(one))
            except _Unfit as unfit:
                self.kinds += [kind for kind, _ in unfit.faults]
                faults += [f"{name}[{number}]: {detail}" for _, detail in unfit.faults]
        return good, faults

    def theme(self, said: forms.Theme) -> OverviewTheme:
        numbers = self._known(said.papers)
        strays = [n for n in numbers if not belongs(said.name, self._content(n))]
        fitting = [n for n in numbers if n not in strays][:MOST_PAPERS]
        if len(fitting) < FEWEST_PAPERS:
            detail = f"Papers {_listed(strays)} are not about “{said.name}”. " if strays else ""
            detail += "Name one thing that at least two papers share, in words that they use."
            raise _Unfit(("misfit", detail))
        name = self._text(said.name, fitting, NAME_WORDS).rstrip(".。:：")
        return OverviewTheme(name, self._sentence(said.text, fitting), self._ids(fitting))

    def direction(self, said: forms.Direction) -> Direction:
        numbers = self._known(said.papers)
        fitting = [n for n in numbers if speaks_of(said.text, self._content(n))][:MOST_PAPERS]
        return Direction(self._sentence(said.text, fitting or numbers), self._ids(fitting))

    def read(self, said: forms.Read) -> Read:
        (number,) = self._known([said.paper])
        return Read(self._ids([number])[0], self._sentence(said.reason, [number]))

    def _known(self, numbers: Iterable[int]) -> list[int]:
        """Those that there are; others are left out while there are some."""
        wanted = list(dict.fromkeys(numbers))
        known = [n for n in wanted if n in self.sketch.told]
        if not known:
            raise _Unfit(("unknown-paper", f"There is no paper {_listed(wanted) or 'named'}."))
        return known

    def _sentence(self, raw: str, numbers: Sequence[int]) -> str:
        """A text that says something of the papers that it stands beside."""
        text = self._text(raw, numbers, WORDS)
        if not any(speaks_of(text, self._content(n)) for n in numbers):
            detail = f"This says nothing of paper {_listed(numbers)}; say what stands there."
            raise _Unfit(("nothing-said", detail))
        return text

    def _text(self, raw: str, numbers: Sequence[int], words: int) -> str:
        """The text freed of papers' numbers, and of what `verify` cuts, if it is good then."""
        bare = _IN_BRACKETS.sub(self._unnumbered, raw)
        found = check(bare, Field(Kind.LINE, self.sketch.lang, words=words), self._source(numbers))
        faults = [(fault.kind.value, fault.detail) for fault in found.faults]
        if by_number := _BY_NUMBER.search(found.text):
            detail = f"“{by_number[0]}”: readers know no numbers; call papers by their names."
            faults.append(("paper-number", detail))
        if faults:
            raise _Unfit(*faults)
        return found.text

    def _unnumbered(self, found: re.Match[str]) -> str:
        numbers = map(int, re.findall(r"\d+", found["numbers"]))
        return "" if all(n in self.sketch.told for n in numbers) else found[0]

    def _source(self, numbers: Sequence[int]) -> Source:
        """The papers themselves: summaries in Chinese would pass for Chinese papers.

        What those may say stands in the papers; that was checked when they were made.
        """
        key = frozenset(numbers)
        if key not in self.sources:
            papers = [self.sketch.told[n].paper for n in numbers]
            self.sources[key] = Source(
                title="\n".join(paper.title for paper in papers),
                text="\n\n".join(paper.abstract for paper in papers),
                authors=tuple(chain.from_iterable(paper.authors for paper in papers)),
            )
        return self.sources[key]

    def _content(self, number: int) -> Content:
        return self.sketch.told[number].content

    def _ids(self, numbers: Iterable[int]) -> tuple[PaperId, ...]:
        return tuple(self.sketch.told[n].paper.id for n in numbers)


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
