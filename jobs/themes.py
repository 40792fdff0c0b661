"""What a digest's papers have in common, and what is newly frequent among them.

Pure counting over key phrases that were made before; cheap enough to be done for each
chat every morning.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from itertools import chain, combinations
from math import log

from jobs.keyphrases import empty, key_of, known
from storage.models import PaperId

_FEWEST_PAPERS = 2
_CONSIDERED = 40
"""Candidates that are compared with each other; what is rarer never wins."""
_NEVER_CUT_OFF = frozenset({"model", "network", "learning", "transformer", "process"})
"""`diffusion language` is no part of `diffusion language models`."""
_FEWEST_RISING = 3
_RISING_RATIO = 2.0
_RISING_SURPRISE = 4.0
"""Nats of Poisson log-likelihood over the expected count: about one false alarm in 300 terms."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A phrase that several papers share."""

    phrase: str
    count: int
    papers: tuple[PaperId, ...]


def themes(
    papers: Sequence[tuple[PaperId, tuple[str, ...]]],
    *,
    excluding: Collection[str] = (),
    limit: int = 4,
) -> tuple[Theme, ...]:
    """The phrases that together cover most of the papers, the most common first.

    A phrase counts wherever it is part of a longer one. None is what `excluding` names
    already, none lies within another, and each adds papers to those before.
    """
    named = [set(key_of(name).split()) for name in excluding]
    forms = [_forms(phrases) for _, phrases in papers]
    counts = Counter(chain.from_iterable(forms))
    worth = {key: n * _weight(key) for key, n in counts.items() if n >= _FEWEST_PAPERS}
    finalists = [
        key
        for key in nsmallest(_CONSIDERED, worth, key=lambda key: (-worth[key], key))
        if not _names_topic(key, named)
    ]
    covers = _places(finalists, forms)
    chosen = sorted(_covering(covers, worth, limit), key=lambda key: -counts[key])
    return tuple(
        Theme(
            phrase=Counter(forms[place][key] for place in sorted(covers[key])).most_common(1)[0][0],
            count=counts[key],
            papers=tuple(papers[place][0] for place in sorted(covers[key])),
        )
        for key in chosen
    )


def rising(
    today: Mapping[str, int],
    before: Mapping[str, int],
    *,
    papers_today: int,
    papers_before: int,
    limit: int = 3,
) -> tuple[str, ...]:
    """Phrases clearly more frequent today than in the weeks before, the most surprising first.

    Both mappings count papers by phrase. Nothing rises without a history that is at least
    as long as today's list.
    """
    if papers_before < max(1, papers_today):
        return ()
    past: Counter[str] = Counter()
    for phrase, count in before.items():
        past[key_of(phrase)] += count
    now: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for phrase, count in today.items():
        now[key_of(phrase)][phrase] += count
    share = papers_today / papers_before
    surprise = {
        key: _surprise(forms.total(), (past[key] + 0.5) * share)
        for key, forms in now.items()
        if not empty(key)
    }
    ranked = sorted(
        (key for key in surprise if surprise[key] >= _RISING_SURPRISE),
        key=lambda key: (-surprise[key], key),
    )
    chosen: list[str] = []
    for key in ranked:
        if len(chosen) < limit and not any(_nests(key, other) for other in chosen):
            chosen.append(key)
    return tuple(now[key].most_common(1)[0][0] for key in chosen)


def _surprise(count: int, expected: float) -> float:
    if count < _FEWEST_RISING or count < _RISING_RATIO * expected:
        return 0.0
    return count * log(count / expected) - (count - expected)


@lru_cache(maxsize=1 << 14)
def _forms(phrases: tuple[str, ...]) -> Mapping[str, str]:
    """Key → form of one paper's phrases and of the phrases within them."""
    found: dict[str, str] = {}
    for phrase in phrases:
        words = phrase.split()
        for start, end in combinations(range(len(words) + 1), 2):
            form = " ".join(words[start:end])
            key = key_of(form)
            cut = end < len(words) and key_of(words[end]) in _NEVER_CUT_OFF
            alone = form == phrase or key in known() or (end - start > 1 and not cut)
            if alone and not empty(key):
                found.setdefault(key, form)
    return found


@lru_cache(maxsize=1 << 16)
def _weight(key: str) -> float:
    """Longer phrases and the field's terms tell more."""
    words = key.count(" ") + 1
    return (0.75, 1.0, 1.35, 1.45)[min(words, 4) - 1] * (1.25 if key in known() else 1.0)


def _places(keys: Collection[str], forms: Sequence[Mapping[str, str]]) -> dict[str, frozenset[int]]:
    """Which of the papers have each key."""
    found: dict[str, set[int]] = {key: set() for key in keys}
    for place, of_paper in enumerate(forms):
        for key in found.keys() & of_paper.keys():
            found[key].add(place)
    return {key: frozenset(places) for key, places in found.items()}


def _names_topic(key: str, named: list[set[str]]) -> bool:
    """`3d gaussian splatting` says nothing under the topic `gaussian splatting`."""
    words = key.split()
    for topic in named:
        rest = [word for word in words if word not in topic]
        if not rest or (len(rest) < len(words) and _slight(rest)):
            return True
    return False


def _slight(words: list[str]) -> bool:
    return all(word in {"2d", "3d", "4d", "large", "deep"} or empty(word) for word in words)


def _covering(
    covers: Mapping[str, frozenset[int]], worth: Mapping[str, float], limit: int
) -> list[str]:
    """Greedily, the keys whose papers are mostly not covered yet."""
    chosen: list[str] = []
    covered: frozenset[int] = frozenset()
    left = list(covers)
    while left and len(chosen) < limit:
        best = max(left, key=lambda key: worth[key] * len(covers[key] - covered) / len(covers[key]))
        chosen.append(best)
        covered |= covers[best]
        left = [
            key
            for key in left
            if 2 * len(covers[key] - covered) >= max(_FEWEST_PAPERS, len(covers[key]))
            and not _nests(key, best)
        ]
    return chosen


def _nests(one: str, other: str) -> bool:
    return f" {one} " in f" {other} " or f" {other} " in f" {one} "
