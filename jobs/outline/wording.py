"""A sentence of a full text made readable: no citations, no TeX, nothing that dangles.

Pure. Words are only ever left out (signs of formulas apart), so that what remains is still
a quotation.
"""

import re

from formatters.text import readable
from jobs.shortening import length, shortened

FEWEST_CHARACTERS, MOST_CHARACTERS = 12, 700
"""Of a sentence; what is shorter says nothing, what is longer is none."""
_FEWEST, _MOST = 6, 70
"""Words of a sentence that says one thing."""
_BRACKETED = re.compile(r"\s*(?:\(([^()]{2,400})\)|\[([^\[\]]{1,400})\])")
_BEFORE_REFERENCE = re.compile(
    r"\b(?:in|by|of|from|to|see|with|and|than|on|following|using|as|like)\Z", re.IGNORECASE
)
_NUMBERS = re.compile(r"[1-9]\d{0,2}(?:\s?[,;–-]\s?[1-9]\d{0,2})*")
_WORK = re.compile(
    r"\s*(?:(?:e\.g\.|i\.e\.|cf\.|see|see also|inter alia)[,:;]?\s*)*(?:[^\W\d_]"
    r"|[“\"'])[^;\d]{0,120}?(?:[^\W\d_]|\.),?\s+(?:(?:19|20)\d\d|n\.d\.)\w*(?:,\s*(?:(?:19"
    r"|20)\d\d)?[a-z]?)*\s*"
)
"""One work cited: `Smith et al., 2019a`, `e.g., Lee and Kim, 2020`."""
_KEY = re.compile(r"\s*(?:DBLP:\S+|[a-z-]+(?:19|20)\d\d[a-z]\w+),?\s*")
"""Its key, where it has no entry: `wu2016google`."""
_AUTHORED = re.compile(r"et al\b|,\s*(?:19|20)\d\d[a-z]?\b|, n\.d\.")
_BESIDE = re.compile(
    r"(?:(?<=[A-Z\d]{2})|(?<=[a-z][A-Z])|(?<=\b[A-Z][a-z]{4})|(?<=dataset)|(?<=corpus)|(?<=model)"
    r"|(?<=models)|(?<=method)|(?<=task)|(?<=datasets)|(?<=rationales)) [A-Z][\w’'-]+ (?:et al\.?"
    r"|(?:and|&) [A-Z][\w’'-]+) \((?:19|20)\d\d[a-z]?\)"
)
"""A work named behind what it brought, without brackets: `S2ORC Lo et al. (2020)`."""
_POINTER_ASIDE = re.compile(
    r"\s*[(\[](?:(?:see|cf\.)(?: also)? )?(?:also )?(?:Fig(?:ure|\.)|Sec(?:tion|\.)|§|App(?:endix"
    r"|\.)|Eq(?:uation|\.)|Tab(?:le|\.)|Alg(?:orithm|\.))s?[^()\[\]]{0,60}[)\]]",
    re.IGNORECASE,
)
_STRANDED = re.compile(
    r"\b(?:they|it|we|shows?|that|namely|follows|particular|example|is|are|tasks?:?|two \w+)\.\Z",
    re.IGNORECASE,
)
"""How no sentence ends that lost what its colon announced."""
_RUN_IN = re.compile(
    r"^[A-Z][\w-]*(?: [\w&/-]+){0,4}?[.:]? (?=(?:We|Our|Given|The|To|For|In|An?|All|Each|This|As"
    r"|When|If|Since|During|Following|Unlike|Because|Although|While) [a-z])"
)
_SEE = re.compile(
    r",? (?:as|which (?:is|are)) (?:\w+ )?(?:described|shown|discussed|detailed|reported"
    r"|illustrated|depicted|explained|defined|presented|outlined|given)? ?in (?:Sec(?:tion|\.)"
    r"|Fig(?:ure|\.)|App(?:endix|\.)|§|Eq(?:uation|\.))\s?[\w.]*\w(?=[.,;])",
    re.IGNORECASE,
)
_NOTE_MARK = re.compile(
    r"(?:(?<=[a-z]{3})|(?<=[A-Z]{3})|(?<=[^\W\d][.,;:!?)\]]))[⁰¹²³⁴-⁹]+(?=[\s.,;:!?)]|\Z)"
)
_EMPTY = re.compile(r"\s*(?:\(\s*[,;]*\s*\)|\[\s*[,;]*\s*\])")
_LOOSE_SPACE = re.compile(r"\s+(?=[.,;:!?%)\]](?:\s|\Z))")
_BEGINS = re.compile(r"[\"'“‘(]*[^\W_a-z\d]|[\"'“‘]*[a-z]+[A-Z]")
_ENDS = re.compile(r"[.!。！][\"'”’)]*\Z")
_CODE = re.compile(  # Œ is a bracket in some fonts of formulas
    r"! [a-z]|:\s\w+:\s|Œ(?!uvre)|[\\{}|≜]|\^\S|\S{60}|\b(?:math(?:ds|bb|cal|rm|bf|it)|operatorname"
    r"|text(?:bf|it|tt))"
)
_LETTERS = re.compile(r"[^\W\d_]")
_SYMBOL = re.compile(r"(?<![\w’'])(?![aAI]\b)[^\W_](?![\w’'.-])|[<>≤≥∈∑∏∥·×⊙→∀∂∇√ℝ𝔼]")
_MOST_SYMBOLS = 4
_POINTS = re.compile(
    r"\b(?:as (?:follows|(?:shown|described|discussed|mentioned|noted|defined|seen|stated"
    r"|explained|detailed|illustrated|outlined|depicted) (?:above|below|earlier|previously|before"
    r"|next))|(?:described|discussed|mentioned|given|shown|defined|listed|detailed|outlined"
    r"|presented) (?:above|below|earlier)|the following|(?:in|of) th(?:is|e (?:next|previous"
    r"|following)) (?:sub)?section|(?:rest|remainder) of th(?:is|e) (?:paper|article|section)"
    r"|(?:we|sections?|section \S+|§\s?\S+) (?:then |next |now |also )?(?:review|describe|discuss"
    r"|outline|detail|present)s?\b[^.]{0,80}\bin (?:section|sec\.|§)|is organi[sz]ed"
    r"|see (?:section|appendix|table|figure)|above-?mentioned|aforementioned|the (?:above|former"
    r"|latter)\b|as above|below\.)",
    re.IGNORECASE,
)
_SECTION_LEADS = re.compile(
    r"^(?:sections?|sec\.|appendi(?:x|ces)|§|fig(?:ure|\.)|equations?|eq\.|algorithm|theorem|lemma"
    r"|proof|proposition|corollary|definition|footnote)\s",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"^(?:\w+ ){0,3}(?:these|those|such (?!as\b)|this (?!paper|work|article|study|survey)|the same"
    r"|another|other (?!than)|the other)\b|\bsuch an? (?!way)|\b(?:these|this"
    r"|those) (?:approach(?:es)?|methods?|limitations?|problems?|issues?|challenges?|fields?"
    r"|efforts?|ideas?|characteristics?|two|three|assumptions?|reasons?|gaps?|questions?|goals?"
    r"|end|respect)\b|^(?:he|she|one|similarly|likewise|again|instead|also|the (?:first|second"
    r"|third|resulting|remaining|corresponding|rest))\b",
    re.IGNORECASE,
)


def plain(quote: str) -> str:
    """The words of a sentence without its citations and pointers, TeX read; one line."""
    bare = _BESIDE.sub("", _BRACKETED.sub(_without_works, quote))
    bare = _NOTE_MARK.sub("", bare)
    bare = _EMPTY.sub("", _POINTER_ASIDE.sub("", _SEE.sub("", bare)))
    return _LOOSE_SPACE.sub("", readable(bare)).strip()


def standing_alone(text: str) -> bool:
    """Whether a plain sentence is whole and can be read without what is around it."""
    words = length(text)
    return (
        _FEWEST <= words <= _MOST
        and _BEGINS.match(text) is not None
        and _ENDS.search(text) is not None
        and legible(text)
        and len(_SYMBOL.findall(text)) <= _MOST_SYMBOLS
        and not (_POINTS.search(text) or _SECTION_LEADS.match(text) or _LEANS.search(text))
    )


def legible(text: str) -> bool:
    """Prose, not what is left of formulas, code or a broken line."""
    return (
        not _CODE.search(text)
        and all(text.count(left) == text.count(right) for left, right in ("()", "[]"))
        and len(_LETTERS.findall(text)) >= 0.6 * len(text)
    )


def held_to(text: str, limit: int) -> str:
    """In at most `limit` words if it can be cut between clauses; else whole."""
    short = shortened(text, limit)
    return text if short.endswith("…") or _STRANDED.search(short) else short


def without_heading(text: str) -> str:
    """A paragraph's first sentence without a heading that runs into it: `Quality We assign`."""
    return _RUN_IN.sub("", text)


def _without_works(found: re.Match[str]) -> str:
    """What stays of a bracket: nothing if it only cites; all of it where it is a noun."""
    inside = found[1] or found[2]
    before = found.string[: found.start()].rstrip()[-12:]
    if not before or _BEFORE_REFERENCE.search(before):
        return found[0]
    if found[2] and _NUMBERS.fullmatch(inside):
        return ""
    works = [work for work in inside.split(";") if work.strip(" ,")]
    named = _AUTHORED.search(inside) and all(map(_WORK.fullmatch, works))
    keyed = all(map(_KEY.fullmatch, works))
    return "" if works and (named or keyed) else found[0]
