"""A question made into the terms that are looked for: English stems, whatever it was asked in.

Pure but for the glossary, read at first use. Chinese is translated word by word, as topics
are; Latin names stay. A Chinese word that nobody knows stays as it is: an English paper
does not have it, and that counts against an answer.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from formatters.catalogue import glossary
from jobs.chinese import HAN, has_han, simplified
from jobs.outline.cues import asked_words
from jobs.presets import presets
from jobs.topics.translate import Vocabulary
from storage.words import words

_RUN = re.compile(f"[{HAN}]+|[^{HAN}]+")
_QUANTITY = re.compile(
    r"\bhow (?:many|much|long|large|big|often|high|fast|far)\b|\bwhat (?:\w+ ){0,3}(?:size|number"
    r"|rate|score|accuracy|percentage|value|length|dimension)\b|多少|多大|多长|多久|几[个层次轮天]",
    re.IGNORECASE,
)
_ENDINGS = ("ing", "ed", "ion", "er", "ly", "e")
_LEAST_STEM = 4


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for."""

    terms: tuple[str, ...]
    """Stems in their order, each once."""
    alike: Mapping[str, frozenset[str]]
    """For a term, stems that may stand for it."""
    quantity: bool
    """It asks for a number."""


def read_question(question: str, *, chinese: bool) -> Question:
    """The terms of a question; `chinese`: the paper itself is, so nothing is translated."""
    plain = simplified(question)
    kept = dict.fromkeys(_terms(plain, chinese=chinese))
    alike = {
        stem(word): frozenset(map(stem, others))
        for word, others in asked_words().alike.items()
        if stem(word) in kept
    }
    return Question(tuple(kept), alike, _QUANTITY.search(plain) is not None)


def stems_in(text: str) -> list[str]:
    """The stems of a text's words in order; Chinese in pairs of characters."""
    found: list[str] = []
    for word in words(text):
        if has_han(word):
            for run in _RUN.findall(word):
                found += _pairs(run) if has_han(run) else [stem(run)]
        else:
            found.append(stem(word))
    return found


def stem(word: str) -> str:
    """A word without its ending: `trained`, `training` → `train`."""
    plural = word.endswith("s") and not word.endswith(("ss", "is"))
    if plural and len(word) >= _LEAST_STEM and (len(word) == _LEAST_STEM or word[-2] != "u"):
        word = word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) else word[:-1]
    ending = next(
        (end for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= _LEAST_STEM), ""
    )
    return word[: len(word) - len(ending)]


def _terms(plain: str, *, chinese: bool) -> Iterator[str]:
    for run in _RUN.findall(plain):
        if not has_han(run):
            yield from (stem(word) for word in words(run) if word not in asked_words().asking)
        elif chinese:
            yield from (pair for part in _unasked(run) if len(part) > 1 for pair in _pairs(part))
        else:
            for part in _translated(run):
                yield from ([part] if has_han(part) else stems_in(part))


def _translated(run: str) -> Iterator[str]:
    """The words of some Chinese in English, the longest first; what is unknown as it stands."""
    known, unknown, at = _known(), "", 0
    while at < len(run):
        word = next((run[at:end] for end in range(len(run), at, -1) if run[at:end] in known), "")
        if word and unknown:
            yield unknown
            unknown = ""
        if word:
            yield known[word]
        else:
            unknown += run[at]
        at += len(word) or 1
    if unknown:
        yield unknown


def _unasked(run: str) -> list[str]:
    """Some Chinese without the words that only ask."""
    empty = "|".join(
        sorted((w for w, en in asked_words().chinese.items() if not en), key=len, reverse=True)
    )
    return [part for part in re.split(empty, run) if part]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


@cache
def _known() -> Mapping[str, str]:
    return {**Vocabulary(presets(), glossary()).english, **asked_words().chinese}
