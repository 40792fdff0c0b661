"""What a paper is about, in phrases that other papers may share.

Pure but for its word lists (`keyphrases.toml` beside it, read at first use). Candidates
are runs of words between stop words, freed of frame words at both ends; the field's known
terms (the glossary's) go before them. Counting over papers is `jobs.themes`' business.
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby
from math import log2

from formatters.catalogue import glossary
from formatters.text import readable

MOST = 8
_LONGEST = 4
"""Words of a phrase."""
_TOKEN = re.compile(r"[^\W_](?:[-'’]?[\w+])*|[^\w\s]")
_ACRONYM = re.compile(r"(?=(?:[a-z\d-]*[A-Z]){2})[A-Z\d][A-Za-z\d]{1,6}s?")
_CAPITALIZED = re.compile(r"[A-Z][a-z'’]+|A")
_YEAR = re.compile(r"(?:1\d|20)\d\ds?")
_PLURAL = re.compile(r".{2,}(?<![sui])s")
_ADVERB = re.compile(
    r"(?!anomaly|family|assembly|supply|early|reply|monopoly|butterfly)[a-z-]{3,}ly"
)
_CACHED = 1 << 16
"""Words and phrases whose form is remembered: a few megabytes."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The word lists, by their keys."""

    stop: frozenset[str]
    frame: frozenset[str]
    starts: frozenset[str]
    ends: frozenset[str]
    gerund: frozenset[str]
    alone: frozenset[str]
    empty: frozenset[str]
    proper: frozenset[str]
    short: Mapping[str, str]


def keyphrases(title: str, abstract: str) -> tuple[str, ...]:
    """At most eight phrases, the most telling first, as the paper writes them."""
    heading = readable(title)
    name = heading.partition(":")[0] if ":" in heading else ""
    found: defaultdict[str, list[str]] = defaultdict(list)
    in_title: set[str] = set()
    for place, text in enumerate((heading, readable(abstract))):
        for phrase in _phrases(_TOKEN.findall(text)):
            shown = _shown(phrase)
            key = key_of(shown)
            if key in _words().empty or phrase == name:
                continue
            found[key].append(shown)
            if place == 0:
                in_title.add(key)
    worth = {key: _worth(key, forms, key in in_title) for key, forms in found.items()}
    best = sorted((key for key in found if worth[key] > 0), key=lambda key: -worth[key])
    return tuple(_commonest(found[key]) for key in _apart(best))


@lru_cache(maxsize=_CACHED)
def key_of(phrase: str) -> str:
    """What forms of a phrase have in common: case, plural, hyphens and short forms apart."""
    return " ".join(_key(word) for word in phrase.split())


@cache
def known() -> frozenset[str]:
    """Keys of the field's terms; of plain single words only those that make a theme alone."""
    words = _words()
    terms = (term.en for term in glossary() if " " in term.en or not term.en.islower())
    keys = {key_of(term) for term in (*terms, *words.alone)} | set(words.short.values())
    return frozenset(keys - words.empty - words.frame)


def empty(key: str) -> bool:
    """True if the phrase behind `key` is said of too many papers to tell anything."""
    words = _words()
    return key in words.empty or all(word in words.frame for word in key.split())


def _phrases(tokens: list[str]) -> Iterator[str]:
    """Known terms wherever they stand, then what lies between stop words."""
    yield from _known_terms(tokens)
    for inside, run in groupby(tokens, key=_carries):
        if inside:
            for part in _compounds(run):
                words = _trimmed(part)[-_LONGEST:]
                if len(words) > 1 or (words and _ACRONYM.fullmatch(words[0])):
                    yield " ".join(words)


def _compounds(run: Iterable[str]) -> Iterator[list[str]]:
    """The run, parted behind each plural: what follows one is mostly a verb, or was one itself."""
    part: list[str] = []
    for word in run:
        part.append(word)
        if _PLURAL.fullmatch(word) and not word.endswith("ics"):
            yield part
            part = []
    yield part


def _known_terms(tokens: list[str]) -> Iterator[str]:
    terms, firsts = known(), _first_words()
    for start, token in enumerate(tokens):
        if _key(token).partition(" ")[0] in firsts:
            for count in range(_LONGEST, 0, -1):
                phrase = " ".join(tokens[start : start + count])
                if key_of(phrase) in terms:
                    yield phrase
                    break


@cache
def _first_words() -> frozenset[str]:
    return frozenset(key.partition(" ")[0] for key in known())


def _trimmed(words: list[str]) -> list[str]:
    """`words` without frame words and verbs at the ends; a final `model` and the like stays."""
    start, end = 0, len(words)
    while start < end and not _may_stand(words[start], _words().starts):
        start += 1
    while start < end and not _may_stand(words[end - 1], _words().ends):
        end -= 1
    frame = _words().frame
    return words[start:end] if any(_key(word) not in frame for word in words[start:end]) else []


def _may_stand(word: str, good: frozenset[str]) -> bool:
    """True if a phrase may begin or end with `word`."""
    lower, key = word.lower(), _key(word)
    if lower.endswith("ing") and "-" not in lower:
        return lower in _words().gerund
    return key not in _words().frame or key in good


@lru_cache(maxsize=_CACHED)
def _carries(token: str) -> bool:
    """True if a phrase can run through this word."""
    lower = token.casefold()
    if len(lower) == 1 or not any(map(str.isalpha, lower)) or _YEAR.fullmatch(lower):
        return False
    return lower not in _words().stop and not _ADVERB.fullmatch(lower)


@lru_cache(maxsize=_CACHED)
def _key(word: str) -> str:
    """One word: singular, lower case, hyphens as spaces, a short form written out."""
    short, lower = _words().short, word.casefold()
    singular = " ".join(_singular(part) for part in lower.split("-"))
    return short.get(lower) or short.get(singular, singular)


def _singular(word: str) -> str:
    if len(word) <= 3 or word.endswith(("ss", "us", "is", "ias")):  # noqa: PLR2004 -- `gas`, `bus`
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")) and not word.endswith("caches"):
        return word[:-2]
    return word.removesuffix("s")


@lru_cache(maxsize=_CACHED)
def _shown(phrase: str) -> str:
    """Capitals that only a title or a definition gave are taken back; acronyms keep theirs."""
    return " ".join("-".join(map(_lowered, word.split("-"))) for word in phrase.split())


def _lowered(word: str) -> str:
    keeps = not _CAPITALIZED.fullmatch(word) or word in _words().proper
    return word if keeps else word.lower()


def _worth(key: str, forms: list[str], in_title: bool) -> float:
    words = key.count(" ") + 1
    if key in known():
        return 3.0 + in_title + log2(len(forms)) + 0.2 * words
    if words == 1 and len(forms) < 2:  # noqa: PLR2004 -- an acronym in passing
        return 0.0
    return 1.5 * in_title + log2(len(forms)) + 0.3 * min(words, 3)


def _commonest(forms: list[str]) -> str:
    return Counter(forms).most_common(1)[0][0]


def _apart(keys: list[str]) -> list[str]:
    """The first eight of which none lies within one before it."""
    chosen: list[str] = []
    for key in keys:
        if not any(f" {key} " in f" {earlier} " for earlier in chosen):
            chosen.append(key)
        if len(chosen) == MOST:
            break
    return chosen


@cache
def _words() -> _Words:
    lists = tomllib.loads(files("jobs").joinpath("keyphrases.toml").read_text("utf-8"))
    return _Words(
        stop=frozenset(lists["stop"].split()),
        frame=frozenset(lists["frame"].split()),
        starts=frozenset(lists["starts"].split()),
        ends=frozenset(lists["ends"].split()),
        gerund=frozenset(lists["gerund"].split()),
        alone=frozenset(lists["alone"].split()),
        empty=frozenset(
            phrase.strip() for line in lists["empty"].splitlines() for phrase in line.split("|")
        ),
        proper=frozenset(lists["proper"].split()),
        short=lists["short"],
    )
