"""The built-in engine: a paper's TL;DR and findings, quoted from its abstract.

Pure, without a model, and it never fails: whatever the abstract is, there is an answer as
long as there is any text. It says nothing in words of its own, so sentences
stay in the paper's language.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from formatters.text import readable, sentences
from jobs import tldr_ranking
from jobs.shortening import shortened
from jobs.tldr_claims import PROPOSING, SHOWING, Sentence, read, stems, words_of
from storage.models import Lang, Paper, Summary

ENGINE = "built-in"
TLDR_WORDS = 30
FINDING_WORDS = 40
MOST_FINDINGS = 4
KEPT = 2_048
"""Papers whose summary is kept: a morning asks for it in each language."""

_RESULTS = stems(
    "outper surpas achiev improv exceed reduce reduci reduct accura superi sota faster compet"
    " gain gains attain increa decrea better compar effect robust consis signif experi"
)
_FIGURE = re.compile(r"\d(?:[\d.,]*\s*(?:%|×|x\b|times\b|points?\b|dB\b)|\.\d)|[×±]\s*\d")
_BACKGROUND = re.compile(
    r"^(?:existing|current|recent|prior|previous|traditional|conventional|most|many|while|although"
    r"|despite|modern)\b|\b(?:is|are|remains?) (?:\w+ )?(?:crucial|essential|critical|challenging"
    r"|important|vital|fundamental|underexplored|limited|difficult|central)\b",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"\b(?:show|demonstrat|highlight|validat|confirm|verif|underscor|illustrat|prov)\w* the "
    r"(?:\w+ )?(?:effectiveness|efficacy|superiority|potential|efficiency|advantages?|benefits?"
    r"|importance|value|promise|feasibility|utility|need|robustness)\b",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(r"\b(?:been|was|is) withdrawn\b|\bwithdrawn (?:by|due)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


def summarize(paper: Paper, lang: Lang) -> Summary:
    """TL;DR and findings of `paper` in its own words; `lang` is recorded, nothing is translated."""
    tldr, findings = _quoted(paper.title, paper.abstract)
    return Summary(paper.id, paper.version, lang, ENGINE, tldr, findings)


@lru_cache(maxsize=KEPT)
def _quoted(title: str, abstract: str) -> tuple[str, tuple[str, ...]]:
    """TL;DR and findings, the same for every language that asks."""
    title = readable(title)
    told = sentences_of(abstract)
    if not told:
        return shortened(title, TLDR_WORDS), ()
    withdrawal = next((sentence for sentence in told if _WITHDRAWN.search(sentence.text)), None)
    if withdrawal:
        best, tldr = withdrawal, shortened(withdrawal.text, TLDR_WORDS)
    else:
        best, tldr = tldr_ranking.best(told, title, TLDR_WORDS)
    return tldr, _findings([sentence for sentence in told if sentence is not best], best, tldr)


def sentences_of(abstract: str) -> list[Sentence]:
    """The sentences of an abstract that say anything."""
    read_all = [read(index, text) for index, text in enumerate(sentences(readable(abstract)))]
    return [sentence for sentence in read_all if _WORD.search(sentence.text)]


def _findings(others: Sequence[Sentence], best: Sentence, tldr: str) -> tuple[str, ...]:
    """The best of the other sentences, in the abstract's order; one that dangles only if alone."""
    start = min([s.index for s in (*others, best) if s.claims], default=0)
    worth = {s.index: _finding(s) - 2.5 * (s.index < start) for s in others}
    said = [words_of(tldr)]
    chosen: dict[int, str] = {}
    for sentence in sorted(others, key=lambda s: (s.dangling, -worth[s.index])):
        if chosen and (worth[sentence.index] < 0.5 or sentence.dangling):  # noqa: PLR2004 -- tuned
            break
        text = shortened(sentence.text, FINDING_WORDS)
        words = words_of(text)
        if not any(repeats(words, earlier) for earlier in said):
            chosen[sentence.index] = text
            said.append(words)
        if len(chosen) == MOST_FINDINGS:
            break
    return tuple(chosen[index] for index in sorted(chosen))


def _finding(sentence: Sentence) -> float:
    """Results first, then contributions, then resources; what frames them last."""
    figure = bool(_FIGURE.search(sentence.text))
    score = 0.6
    if sentence.claims & SHOWING or sentence.words & _RESULTS:
        score = 2.2
    elif sentence.claims & PROPOSING:
        score = 1.8
    elif _BACKGROUND.search(sentence.text):
        score = -0.9
    if sentence.shares and not sentence.claims & PROPOSING:
        score = 0.4 if "http" in sentence.text else 1.0
    if not figure and _PRAISE.search(sentence.text):
        score -= 1.2
    return score + figure - sentence.text.endswith("?")


def repeats(words: frozenset[str], earlier: frozenset[str]) -> bool:
    """Whether two texts, by their stems, say nearly the same."""
    return len(words & earlier) > 0.7 * min(len(words), len(earlier))
