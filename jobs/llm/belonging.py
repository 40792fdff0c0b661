"""Whether a paper belongs to what is said of it and others: they must share what they are about.

Pure. A model that groups papers sometimes names one more that doesn't fit. A name belongs to
a paper that uses most of its telling words, in either language; the names of two things that
are joined by “and” claim both. This finds papers that have nothing to do with a theme; it
understands no meaning, so a theme must be named in words that its papers use.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from formatters.catalogue import glossary
from formatters.text import readable
from jobs.chinese import HAN
from jobs.keyphrases import key_of
from jobs.tldr_claims import stems
from storage.models import Paper, Summary

_MOST_OF_A_NAME = 0.6
"""So much of each thing that a name speaks of."""
_SOME_OF_A_SENTENCE = 0.3
_FEWEST_OF_A_SENTENCE = 2

_JOINED = re.compile(
    r"\s+(?:and|as well as|plus)\s+|\s*[&,;+/、，；]\s*|(?<!参)与|(?<![普涉以])及|以及|和(?!谐)",
    re.IGNORECASE,
)
_LATIN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_HAN_RUN = re.compile(f"[{HAN}]+")
_ANY_HAN = re.compile(f"[{HAN}]")
_SAME = str.maketrans({"三": "3", "二": "2", "四": "4", "维": "D"})
_DIMENSIONS = re.compile("[二三四]维")
_SUFFIX = re.compile(
    r"(?:(?<=iev)al|i[sz](?:ation|ed?|ing|er)|ation|at(?:ed?|ing|ive|or)|ion|ive(?:ly)?|[eo]r|i?ment"
    r"|[ea]n(?:t|ce|cy)|ing|ed|ied?|ity|y|ic(?:s|al)?|ness|ly|e)?(?:(?<=[iesxh])e)?s?\Z"
)
_SHORTEST = 4
_TELL_NOTHING = stems(
    """
    a an and are as at by for from in into is it its of on or that the their this to toward towards
    via we with without how what why when can be not do does all both each these those more most
    such than also which has have been only make makes making using use uses used based new novel
    recent better best good strong modern general generic generally large deep model models modeling
    modelling method methods approach approaches technique techniques strategy strategies framework
    frameworks system systems algorithm algorithms learning learn network networks task tasks
    application applications paper papers work works study studies research result results problem
    problems challenge challenges issue issues trend trends field area topic theme direction
    directions advance advances advancing advanced progress improve improved improves improving
    improvement improvements enhance enhanced enhances enhancing show shows performance
    """
)
_EMPTY_HAN = re.compile(
    "模型|方法|研究|学习|技术|问题|任务|系统|框架|应用|探索|进展|方向|趋势|融合|提升|改进|优化|新型"
    "|实现|提出|利用|通过|进行|能力|性能|效果|领域|论文|工作|多种|不同|更好|更强|更高|有效|结合|基于"
    "|面向|用于|针对|以及|同时|可以|能够|共同|成为|关注|这些|它们|显著|分析|设计|构建|创新|新的|视角"
    "|[的了在是对从把将被中上下更最等其及与和或并也都让使为以用]"
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a paper speaks of."""

    words: frozenset[str]
    """Stems of its telling Latin words, short forms written out."""
    subjects: frozenset[str]
    """Those of them that it says in its title or its TL;DR, or more than once."""
    han: str
    """Its Chinese text, without anything else."""

    @classmethod
    def of(cls, paper: Paper, summary: Summary) -> "Content":
        """Its title, its abstract, and what was said of it."""
        head = f"{readable(paper.title)} {summary.title or ''} {summary.tldr}"
        body = f"{readable(paper.abstract)} {' '.join(summary.findings)}"
        first = frozenset(_stems(head))
        counted = Counter(_stems(body))
        often = (stem for stem, count in counted.items() if count > 1)
        return cls(
            words=first.union(counted),
            subjects=first.union(often),
            han="|".join(_HAN_RUN.findall(_evened(head + body))),
        )

    @classmethod
    def of_text(cls, text: str) -> "Content":
        """Some plain text, all of it alike."""
        words = frozenset(_stems(text))
        return cls(words, words, "|".join(_HAN_RUN.findall(_evened(text))))


def belongs(name: str, content: Content) -> bool:
    """Whether a paper is about what a name says; False of a name that says nothing."""
    parts = [units for part in _JOINED.split(name) if (units := list(_units(part)))]
    return bool(parts) and all(
        _share([u for u in units if u.within(content.subjects, content.han)], units)
        >= _MOST_OF_A_NAME
        for units in parts
    )


def speaks_of(sentence: str, content: Content) -> bool:
    """Whether a sentence may be about this paper."""
    units = list(_units(sentence))
    shared = [unit for unit in units if unit.within(content.words, content.han)]
    enough = min(_FEWEST_OF_A_SENTENCE, len(units))
    return len(shared) >= enough and _share(shared, units) >= _SOME_OF_A_SENTENCE


def said_by(content: Content, text: str, *, least: float = 0.0) -> float | None:
    """What part of a text, of 1, the content says; None where nothing can be compared.

    Chinese words that have no known English count where the content itself has Chinese. None,
    too, where less than `least` of the text, of 1, can be compared.
    """
    every = list(_units(text))
    units = [unit for unit in every if unit.words or content.han]
    if not units or _share(units, every) < least:
        return None
    return _share([unit for unit in units if unit.within(content.words, content.han)], units)


@dataclass(frozen=True, slots=True)
class _Unit:
    """One thing that a text speaks of."""

    words: frozenset[str]
    """All of them are one way to say it …"""
    han: tuple[str, ...] = ()
    """… each of these is another."""
    weight: int = 1

    def within(self, words: frozenset[str], han: str) -> bool:
        """Whether it is said by these words or in this Chinese text."""
        said = bool(self.words) and self.words <= words
        return said or any(form in han for form in self.han)


def _share(some: Iterable[_Unit], units: Iterable[_Unit]) -> float:
    """What part of the units, by their weight, some of them are; 0 of none."""
    whole = sum(unit.weight for unit in units)
    return sum(unit.weight for unit in some) / whole if whole else 0.0


def _units(text: str) -> Iterator[_Unit]:
    """The telling words of a text, terms of the field as one each, other Chinese by pairs."""
    text = _evened(text)
    chinese = _ANY_HAN.search(text) is not None
    if chinese:
        for form, term in _terms():
            if form in text:
                text = text.replace(form, " ")
                yield term
    for stem in dict.fromkeys(_stems(text)):
        yield _Unit(frozenset((stem,)), weight=2 if chinese else 1)
    for run in _HAN_RUN.findall(_EMPTY_HAN.sub(" ", text)):
        for at in range(len(run) - 1):
            yield _Unit(frozenset(), (run[at : at + 2],))


@cache
def _terms() -> tuple[tuple[str, _Unit], ...]:
    """The glossary's terms by each of their Chinese forms, the longest first."""
    found: dict[str, _Unit] = {}
    for term in glossary():
        forms = tuple(_evened(form) for form in (term.zh, *term.also) if _ANY_HAN.search(form))
        words = frozenset(_stems(term.en))
        if words:
            found |= {form: _Unit(words, forms, max(1, len(form) - 1)) for form in forms}
    return tuple(sorted(found.items(), key=lambda item: -len(item[0])))


def _stems(text: str) -> Iterator[str]:
    """Stems of the Latin words that tell something, short forms written out."""
    for word in _LATIN.findall(_HAN_RUN.sub(" ", text)):
        for part in key_of(word).split():
            if part not in _TELL_NOTHING:
                yield _stem(part)


@lru_cache(maxsize=1 << 14)
def _stem(word: str) -> str:
    """`generation`, `generative`, `generated` → `gener`; `generalize` → `general`."""
    found = _SUFFIX.search(word, _SHORTEST)
    bare = word[: found.start()] if found else word
    return bare[:-1] if bare[-1:] == bare[-2:-1] else bare


def _evened(text: str) -> str:
    """`三维` as `3D`."""
    return _DIMENSIONS.sub(lambda found: found[0].translate(_SAME), text)
