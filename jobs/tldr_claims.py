"""What a sentence of an abstract says its authors did: the signs that summaries are chosen by.

Pure. Reads one sentence at a time, made to stand alone as well as it can; whose sentence is
chosen is the business of `tldr_ranking` (the TL;DR) and `extractive` (the findings).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from jobs.openers import PAPER, dangles, freed, unframed

_STEM = 6
"""Letters of a word that are compared: `proposes`, `proposing` → `propos`."""


def stems(text: str) -> frozenset[str]:
    """A list of stems, as word lists are written here."""
    return frozenset(text.split())


_VERBS: Mapping[str, str] = {
    "propose": "propos",
    "introduce": "introd unveil",
    "present": "presen",
    "develop": "develo design devise build builds built constr creati create",
    "describe": "descri",
    "formulate": "formul formal establ reform recast refram",
    "provide": "provid offer offers releas launch",
    "extend": "extend genera unify unifie",
    "suggest": "sugges advoca",
    "show": "show shows",
    "demonstrate": "demons",
    "prove": "prove proves derive",
    "find": "find finds found discov identi observ reveal uncove",
    "argue": "argue argues conclu highli",
    "study": "study studie",
    "investigate": "invest explor examin",
    "analyze": "analyz analys charac",
    "evaluate": "evalua benchm compar assess conduc test tests report discus review survey revisi",
    "address": "addres consid tackle focus focuse aim aims seek seeks ask asks",
    "use": "use uses apply applie levera adapt train cast casts model models",
}
CLAIMS = tuple(_VERBS)
"""The kinds of claim, each named by its commonest verb."""
PROPOSING = frozenset(CLAIMS[: CLAIMS.index("show")])
SHOWING = frozenset(CLAIMS[CLAIMS.index("show") : CLAIMS.index("study")])
_KIND = {stem: kind for kind, listed in _VERBS.items() for stem in listed.split()}

_CLAIM = re.compile(
    rf"\b(?:we|i|the authors?|this {PAPER}|(?:the|our) (?:present )?(?:paper|work))"
    r"\s+(?:(?:\w+ly|also|then|further|here|first|thus|therefore|next)\s+)?(\w+)",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were) (?:\w+ly )?(proposed|introduced|presented|developed|designed|devised"
    r"|described|formulated|established|studied|investigated|examined|explored|analy[sz]ed)\b"
    r"(?! (?:by|to) )",
    re.IGNORECASE,
)
_CHINESE_CLAIM = re.compile(
    r"(?:本文|我们|作者|该文).{0,8}?(提出|设计|构建|介绍|开发|发布|表明|证明|研究)"
)
_CHINESE_KIND = {"表明": "show", "证明": "prove", "研究": "study"}
_SHARED = stems("releas availa github https http")
_RESOURCES = stems(
    "code codes datase data model models projec demo checkp weight websit benchm toolki resour"
    " implem video videos page"
)
_WORD = re.compile(r"[^\W_]+")
_FUNCTION_WORDS = stems(
    "a an and are as at by for from in into is it its of on or that the their this to toward"
    " towards using via we with without how what why when can be not do does"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the abstract, made to stand alone as well as it can."""

    index: int
    text: str
    words: frozenset[str]
    claims: frozenset[str]
    """What the authors say they do, of `CLAIMS`."""
    dangling: bool

    @property
    def shares(self) -> bool:
        """It says where code or data can be had."""
        return bool(self.words & _SHARED and self.words & _RESOURCES)


def read(index: int, sentence: str) -> Sentence:
    """The sentence freed of what ties it to others, and what it claims."""
    text = freed(sentence)
    verbs = _CLAIM.findall(text) or _PASSIVE.findall(text)
    claims = {_KIND[stem] for verb in verbs if (stem := _stem(verb)) in _KIND}
    if found := _CHINESE_CLAIM.search(text):
        claims.add(_CHINESE_KIND.get(found[1], "propose"))
    alone = unframed(text)
    if alone != text:
        claims.add("show")
    return Sentence(index, alone, words_of(alone), frozenset(claims), dangles(alone))


def words_of(text: str) -> frozenset[str]:
    """Stems of the content words; Chinese by character."""
    found: set[str] = set()
    for word in _WORD.findall(text.casefold()):
        if word.isascii():
            found.add(word[:_STEM])
        else:
            found.update(word if word > "\u3040" else (word[:_STEM],))
    return frozenset(found - _FUNCTION_WORDS)


def _stem(word: str) -> str:
    return word[:_STEM].casefold()
