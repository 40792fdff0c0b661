"""Which sentence of an abstract makes the best TL;DR, and in which of its lengths.

Pure but for its weights (`tldr_weights.toml` beside it, read at first use), which
`benchmarks/train_tldr.py` learns from TL;DRs that people wrote. Every feature is a plain
property of one sentence in its abstract; a sentence's worth is their weighted sum. Nothing
here knows a field's words: what papers are about differs, how they say it hardly does.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jobs.shortening import length, trimmings
from jobs.tldr_claims import CLAIMS, PROPOSING, Sentence, stems, words_of

_STEPS = (6, 9, 12, 15, 18, 24, 27)
"""Words from which on a sentence's length counts differently."""
_COMMON = stems(
    "our also which has have been used use more than most such these those they other both only"
    " propos approa model models method algori framew new novel result based differ show improv"
    " learn learni while between them thus paper work"
)
"""Stems that are in too many abstracts to tell what one is about."""
_LINKS = re.compile(r"\b(?:and|for|from|in|of|on|to|with|by)\b")
_AUTHORS = re.compile(r"(?:we|i|our|this)\b")
_OURS = re.compile(r"\bour\b")
_OUR_METHOD = re.compile(r"(?:our|the proposed) ")
_WORK = re.compile(r"\b(?:frameworks?|methods?|models?|algorithms?|approach)\b")
_NEW = re.compile(r"\b(?:novel|new)\b")
_FIRST = re.compile(r"\bthe first\b|\bwe are\b")
_ALSO = re.compile(r"\b(?:also|further|additionally|moreover|finally)\b")
_POINTS = re.compile(
    r"\b(?:these|those(?! (?:of|that|who))|such(?! (?:as|that|an?)\b)|aforementioned)\b"
    r"|as follows\b|\bthis\b(?! (?:paper|work|article|study))"
)
_PRONOUN = re.compile(r"\b(?:its?|they|them|their)\b")
_LISTS = re.compile(
    r"\b(?:two|three|four|five|several) (?:\w+ )?(?:components?|stages?|modules?|parts|steps)\b"
)
_BACKGROUND = re.compile(
    r"^(?:existing|current|recent|prior|previous|traditional|conventional|most|many|while|although"
    r"|despite|modern)\b|\b(?:is|are|remains?|has|have) (?:\w+ )?(?:crucial|essential|critical"
    r"|challenging|important|vital|fundamental|underexplored|limited|difficult|central|become"
    r"|been|shown|widely|commonly|often|typically)\b"
)
_RESULTS = re.compile(
    r"\b(?:outperform\w*|state-of-the-art|results?|experiments?|significant\w*|achiev\w+"
    r"|improv\w+)\b"
)
_FIGURE = re.compile(r"\d(?:[\d.,]*\s*(?:%|×|x\b|times\b|points?\b)|\.\d)")
_ACRONYM = re.compile(r"\b[A-Z]\w*[A-Z]")

_FOR_THE_READER = {"points back": -0.4, "before the first claim": -0.3}
"""Added to what was learned: who reads one sentence alone minds what a count of words doesn't."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a sentence is compared with: the title and the whole abstract."""

    name: str
    """The method's name, where the title begins with one and a colon."""
    topic: frozenset[str]
    """The title's telling words."""
    said: Mapping[str, int]
    """In how many sentences each telling word of the abstract stands."""
    claim: int
    """The first sentence that says what the authors did; -1 without one."""
    proposal: int


def best(told: Sequence[Sentence], title: str, limit: int) -> tuple[Sentence, str]:
    """The most telling of some sentences, and its text in at most `limit` words."""
    weights, setting = _weights(), setting_of(told, title)

    def worth(choice: tuple[Sentence, str]) -> float:
        found = features(*choice, setting)
        return sum(weights.get(name, 0.0) * value for name, value in found)

    return max(choices(told, limit), key=worth)


def choices(told: Sequence[Sentence], limit: int) -> list[tuple[Sentence, str]]:
    """What may be a TL;DR: whole sentences that stand alone and are no mere notice.

    Where there are none, these demands are dropped one by one.
    """
    fit = [s for s in told if not (s.dangling or _unfit(s))]
    fit = fit or [s for s in told if not s.dangling] or list(told)
    found = [(s, text) for s in fit for text in trimmings(s.text, limit)]
    return [choice for choice in found if not choice[1].endswith("…")] or found


def setting_of(told: Sequence[Sentence], title: str) -> Setting:
    """What the sentences of one abstract are seen against."""
    name = title.partition(":")[0] if ":" in title else ""
    said = Counter(word for sentence in told for word in _telling(sentence.words))
    return Setting(
        name if len(name.split()) <= 3 else "",  # noqa: PLR2004 -- a method's name is short
        _telling(words_of(title)),
        said,
        next((s.index for s in told if s.claims), -1),
        next((s.index for s in told if s.claims & PROPOSING), -1),
    )


def features(sentence: Sentence, text: str, setting: Setting) -> Iterator[tuple[str, float]]:
    """The properties of a sentence, shortened to `text`, that are not 0."""
    yield from _of_length(sentence, text)
    yield from _of_subject(_telling(words_of(text)), setting)
    yield from _of_claims(sentence, setting)
    lower = text.lower()
    for name, pattern in _SIGNS.items():
        if pattern.search(lower):
            yield name, 1.0
    if _ACRONYM.search(text):
        yield "acronym", 1.0
    yield "links", len(_LINKS.findall(lower)) / max(6.0, length(text))
    yield "commas", min(3, text.count(",")) / 3
    if setting.name and setting.name in text:
        yield "name", 1.0


_SIGNS: Mapping[str, re.Pattern[str]] = {
    "ours": _OURS,
    "work": _WORK,
    "new": _NEW,
    "first of its kind": _FIRST,
    "also": _ALSO,
    "points back": _POINTS,
    "pronoun": _PRONOUN,
    "lists": _LISTS,
    "background": _BACKGROUND,
    "results": _RESULTS,
    "figure": _FIGURE,
    "parenthesis": re.compile(r"\("),
    "colon": re.compile(r": "),
    "begins with the authors": re.compile(f"^{_AUTHORS.pattern}"),
    "begins with the method": re.compile(f"^{_OUR_METHOD.pattern}"),
}


def _of_length(sentence: Sentence, text: str) -> Iterator[tuple[str, float]]:
    words = length(text)
    for step in _STEPS:
        if words > step:
            yield f"words over {step}", (words - step) / 3
    if "(" in sentence.text and "(" not in text:
        yield "without parenthesis", 1.0
    if text[:12].casefold() != sentence.text[:12].casefold():
        yield "without lead", 1.0


def _of_subject(words: frozenset[str], setting: Setting) -> Iterator[tuple[str, float]]:
    """How much of the title, and of what the abstract repeats, is in it."""
    topic, said = setting.topic, setting.said
    yield "title's words missing", len(topic - words) / 3
    yield "title's share", len(topic & words) / max(3, len(topic))
    yield "share of title's words", len(topic & words) / max(4, len(words))
    repeated = sum(said[word] - 1 for word in words if word in said)
    yield "repeated words", repeated / max(5, len(words))
    yield "share of what is repeated", repeated / max(4, sum(said.values()) - len(said))


def _of_claims(sentence: Sentence, setting: Setting) -> Iterator[tuple[str, float]]:
    """What it says the authors did, and where it stands to the first such sentence."""
    if sentence.index == 0:
        yield "first sentence", 1.0
    for kind in CLAIMS:
        if kind in sentence.claims:
            yield kind, 1.0
    if not sentence.claims:
        yield _place(sentence.index - setting.claim, any_claim=setting.claim >= 0), 1.0
        return
    yield "claims", 1.0
    if sentence.index == setting.claim:
        yield "first claim", 1.0
    if sentence.index == setting.proposal:
        yield "first proposal", 1.0


def _place(behind: int, *, any_claim: bool) -> str:
    """Where a sentence without a claim stands, so many behind the first claim."""
    if not any_claim:
        return "no claim anywhere"
    if behind < 0:
        return "before the first claim"
    return "next to the first claim" if behind == 1 else "after the first claim"


def _telling(words: frozenset[str]) -> frozenset[str]:
    """What a text is about, without endings: `counts`, `counti` → `count`."""
    return frozenset(word.rstrip("eis") or word for word in words - _COMMON)


def _unfit(sentence: Sentence) -> bool:
    """A question, or where to find the code."""
    offers = sentence.shares and not sentence.claims & PROPOSING
    return offers or sentence.text.endswith(("?", "？"))


@cache
def _weights() -> Mapping[str, float]:
    text = files("jobs").joinpath("tldr_weights.toml").read_text("utf-8")
    weights: dict[str, float] = tomllib.loads(text)["weights"]
    for name, weight in _FOR_THE_READER.items():
        weights[name] = weights.get(name, 0.0) + weight
    return weights
