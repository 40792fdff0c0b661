"""The built-in engine: a paper's TL;DR and findings, quoted from its abstract.

Pure, without a model, and it never fails: whatever the abstract is, there is an answer as
long as there is any text. It says nothing in words of its own, so sentences
stay in the paper's language.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from formatters.text import readable, sentences
from jobs.openers import PAPER, dangles, freed, unframed
from jobs.shortening import length, shortened
from storage.models import Lang, Paper, Summary

ENGINE = "built-in"
TLDR_WORDS = 30
FINDING_WORDS = 40
MOST_FINDINGS = 4
KEPT = 2_048
"""Papers whose summary is kept: a morning asks for it in each language."""

_STEM = 6
"""Letters of a word that are compared: `proposes`, `proposing` → `propos`."""


def _stems(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CLAIM = re.compile(
    rf"\b(?:we|i|the authors?|this {PAPER}|(?:the|our) (?:present )?(?:paper|work))"
    r"\s+(?:(?:\w+ly|also|then|further|here|first|thus|therefore|next)\s+)?(\w+)",
    re.IGNORECASE,
)
_PROPOSING = _stems(
    "propos introd presen develo design descri devise build builds built constr formul formal"
    " establ offer offers provid advoca create creati unveil reform recast refram launch sugges"
    " extend genera unify unifie releas"
)
_SHOWING = _stems(
    "show shows find finds found demons prove proves reveal discov identi observ derive argue"
    " argues uncove highli conclu"
)
_STUDYING = _stems(
    "study studie invest explor examin analyz analys revisi addres consid tackle evalua survey"
    " review benchm compar focus focuse ask asks aim aims seek seeks charac assess conduc report"
    " discus apply applie use uses adapt train levera cast casts model models test tests"
)
_CLAIMING = _PROPOSING | _SHOWING | _STUDYING
_CHINESE_CLAIM = re.compile(
    r"(?:本文|我们|作者|该文).{0,8}?(提出|设计|构建|介绍|开发|发布|表明|证明|研究)"
)
_RESULTS = _stems(
    "outper surpas achiev improv exceed reduce reduci reduct accura superi sota faster compet"
    " gain gains attain increa decrea better compar effect robust consis signif experi"
)
_SHARED = _stems("releas availa github https http")
_RESOURCES = _stems(
    "code codes datase data model models projec demo checkp weight websit benchm toolki resour"
    " implem video videos page"
)
_FIGURE = re.compile(r"\d(?:[\d.,]*\s*(?:%|×|x\b|times\b|points?\b|dB\b)|\.\d)|[×±]\s*\d")
_ASIDE = re.compile(
    r"(?:we (?:also|then|further|additionally|next)|unlike|compared"
    r"|(?:the|our) (?:resulting |proposed |overall |main )?(?:approach|method|model|framework"
    r"|system|architecture|algorithm|key|core|results?|findings|analysis|benchmark|dataset|code"
    r"|goal))\b",
    re.IGNORECASE,
)
_ANAPHORA = re.compile(
    rf"\b(?:these|those|such|aforementioned|this (?!{PAPER}))\b|as follows\b"
    r"|\b(?:two|three|four|five|several) (?:\w+ )?(?:components?|stages?|modules?|parts)\b",
    re.IGNORECASE,
)
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
_FUNCTION_WORDS = _stems(
    "a an and are as at by for from in into is it its of on or that the their this to toward"
    " towards using via we with without how what why when can be not do does"
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of the abstract, made to stand alone as well as it can."""

    index: int
    text: str
    words: frozenset[str]
    claims: frozenset[str]
    """Stems of what the authors say they do: `propos`, `show`."""
    dangling: bool


def summarize(paper: Paper, lang: Lang) -> Summary:
    """TL;DR and findings of `paper` in its own words; `lang` is recorded, nothing is translated."""
    tldr, findings = _quoted(paper.title, paper.abstract)
    return Summary(paper.id, paper.version, lang, ENGINE, tldr, findings)


@lru_cache(maxsize=KEPT)
def _quoted(title: str, abstract: str) -> tuple[str, tuple[str, ...]]:
    """TL;DR and findings, the same for every language that asks."""
    title = readable(title)
    read = [_read(index, text) for index, text in enumerate(sentences(readable(abstract)))]
    told = [sentence for sentence in read if _WORD.search(sentence.text)]
    if not told:
        return shortened(title, TLDR_WORDS), ()
    best = _most_telling(told, title)
    tldr = shortened(best.text, TLDR_WORDS)
    return tldr, _findings([sentence for sentence in told if sentence is not best], best, tldr)


def _read(index: int, sentence: str) -> _Sentence:
    text = freed(sentence)
    claims = {verb[:_STEM].casefold() for verb in _CLAIM.findall(text)} & _CLAIMING
    if found := _CHINESE_CLAIM.search(text):
        claims.add(
            "show" if found[1] in "表明证明" else "study" if found[1] == "研究" else "propos"
        )
    alone = unframed(text)
    if alone != text:
        claims.add("show")
    return _Sentence(index, alone, _words(alone), frozenset(claims), dangles(alone))


def _most_telling(told: Sequence[_Sentence], title: str) -> _Sentence:
    """The sentence that says what the paper does or finds; one that dangles only if all do."""
    told = [sentence for sentence in told if not sentence.dangling] or told
    topic = _words(title)
    name = title.partition(":")[0] if ":" in title else ""
    first = next((s.index for s in told if s.claims & _PROPOSING), told[0].index)
    worth = {s.index: _telling(s, topic, name) + 0.6 * (s.index == first) for s in told}
    finalists = sorted(told, key=lambda s: -worth[s.index])[:3]
    return max(finalists, key=lambda s: worth[s.index] - _loss(s.text))


def _telling(sentence: _Sentence, topic: frozenset[str], name: str) -> float:
    text, words = sentence.text, length(sentence.text)
    score = 2.5 * len(topic & sentence.words) / max(4, len(topic)) - 0.04 * sentence.index
    if sentence.claims:
        proposing, showing = sentence.claims & _PROPOSING, sentence.claims & _SHOWING
        score += 3.0 if proposing else 2.0 if showing else 1.8
    if name in text and 0 < len(name.split()) <= 3:  # noqa: PLR2004 -- a method's name is short
        score += 0.8
    if _WITHDRAWN.search(text):
        score += 20.0
    score -= 2.5 * _shares(sentence) + 1.5 * text.endswith("?")
    score -= 1.2 * bool(_ASIDE.match(text)) + 0.6 * bool(_ANAPHORA.search(text))
    return score - 0.3 * max(0.0, 11 - words) - 0.03 * max(0.0, words - TLDR_WORDS)


def _loss(text: str) -> float:
    """What it costs that the sentence can't be shortened at a clause."""
    return 1.5 if shortened(text, TLDR_WORDS).endswith("…") else 0.0


def _findings(others: Sequence[_Sentence], best: _Sentence, tldr: str) -> tuple[str, ...]:
    """The best of the other sentences, in the abstract's order; one that dangles only if alone."""
    start = min([s.index for s in (*others, best) if s.claims], default=0)
    worth = {s.index: _finding(s) - 2.5 * (s.index < start) for s in others}
    said = [_words(tldr)]
    chosen: dict[int, str] = {}
    for sentence in sorted(others, key=lambda s: (s.dangling, -worth[s.index])):
        if chosen and (worth[sentence.index] < 0.5 or sentence.dangling):  # noqa: PLR2004 -- tuned
            break
        text = shortened(sentence.text, FINDING_WORDS)
        words = _words(text)
        if not any(_repeats(words, earlier) for earlier in said):
            chosen[sentence.index] = text
            said.append(words)
        if len(chosen) == MOST_FINDINGS:
            break
    return tuple(chosen[index] for index in sorted(chosen))


def _finding(sentence: _Sentence) -> float:
    """Results first, then contributions, then resources; what frames them last."""
    figure = bool(_FIGURE.search(sentence.text))
    score = 0.6
    if sentence.claims & _SHOWING or sentence.words & _RESULTS:
        score = 2.2
    elif sentence.claims & _PROPOSING:
        score = 1.8
    elif _BACKGROUND.search(sentence.text):
        score = -0.9
    if _shares(sentence) and not sentence.claims & _PROPOSING:
        score = 0.4 if "http" in sentence.text else 1.0
    if not figure and _PRAISE.search(sentence.text):
        score -= 1.2
    return score + figure - sentence.text.endswith("?")


def _shares(sentence: _Sentence) -> bool:
    """It says where code or data can be had."""
    return bool(sentence.words & _SHARED and sentence.words & _RESOURCES)


def _repeats(words: frozenset[str], earlier: frozenset[str]) -> bool:
    return len(words & earlier) > 0.7 * min(len(words), len(earlier))


def _words(text: str) -> frozenset[str]:
    """Stems of the content words; Chinese by character."""
    found: set[str] = set()
    for word in _WORD.findall(text.casefold()):
        if word.isascii():
            found.add(word[:_STEM])
        else:
            found.update(word if word > "\u3040" else (word[:_STEM],))
    return frozenset(found - _FUNCTION_WORDS)
