"""A sentence held to a length: cut at clause boundaries, so that it stays a sentence.

Pure; English by its words, Chinese by its marks. Words are only ever left out (a capital
at a new start apart), so that what remains is still a quotation.
"""

import re
from collections.abc import Iterator

from jobs.openers import capitalized

_CJK = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff65]")
_UNIT = re.compile(f"{_CJK.pattern}|[^\\s{_CJK.pattern[1:]}+")
_PARENTHESIS = re.compile(r"\s*\([^()]*\)")

_SUBORDINATE = re.compile(
    r"(?:to|by|with|while|although|though|when|whenever|where|as|since|because|given|in|for|if"
    r"|based|building|built|inspired|motivated|guided|driven|leveraging|using|unlike|through"
    r"|despite|drawing|starting|on|at|under|following|from|after|before|rather|instead|beyond"
    r"|across|compared|during|within|once|even|whether|evaluated|trained|among|via|without)\b",
    re.IGNORECASE,
)
_MAIN_CLAUSE = re.compile(
    r",\s+(?=(?:we|this (?:paper|work|study|article|survey)|our|i(?!\.))\b)", re.IGNORECASE
)
_PARTICIPLE = (
    r"(?:enabl|allow|achiev|lead|result|yield|mak|provid|improv|outperform|reduc|demonstrat|show"
    r"|suggest|indicat|reveal|ensur|leverag|us|offer|highlight|surpass|produc|preserv|avoid"
    r"|eliminat|requir|establish|facilitat|introduc|captur|combin|address|support|underscor|pav"
    r"|mark|bridg|exceed|maintain|deliver|generat|caus|creat|limit|hinder|form|cover|spann"
    r"|compris|includ|rang|depend|follow|correspond|attain|obtain|giv|treat|guid|serv|prevent"
    r"|encourag|forc|turn|transform|bring|represent|emphasiz|illustrat|prompt|motivat|aim|rely"
    r"|build|adapt|resolv|mitigat|analyz|learn|exploit|employ|exhibit|extend)ing"
)
_VERB = (
    r"(?:show|demonstrate|find|prove|achieve|outperform|improve|reduce|propose|introduce|present"
    r"|provide|reveal|release|develop|evaluate|establish|design|validate|analyze|use|apply|derive"
    r"|observe|discuss|identify|compare|offer|exhibit|surpass|enable|yield|remain|generalize)"
)
_AFTER_CLAUSE = re.compile(
    r"(?:;|:|\s(?:—|–|--?))\s|—"
    r"|,\s(?:which|where(?:by|as)?|thereby|thus|hence|while|but|yet|so|with|without|such as"
    r"|including|followed by|as well as|as|because|since|even|especially|particularly"
    r"|resulting|rather than|unlike|although|though|both|not only|when|if|often|albeit|despite"
    r"|compared|based|built"
    r"|(?:and )?(?:then|thus|thereby|also|we|it|they|our|this|these|that)"
    rf"|(?:and )?(?:\w+ly )?{_PARTICIPLE}|and (?:\w+ly )?{_VERB}s?)\b"
    r"|[，；：]",
)
_BEFORE_ADJUNCT = re.compile(
    r"\s(?:by \w+ing|using|via|through|while|without|when|where|because|so that|such that"
    r"|in order to|rather than|compared (?:to|with)|as well as|across|even (?:when|under|with)"
    rf"|under|during|thereby|whereas|instead of|with|{_PARTICIPLE}|that|which|and {_VERB}s?"
    r"|to (?:improve|enable|reduce|support|produce|guide|generate|capture|ensure|achieve"
    r"|provide))\b"
    r"|,\s(?![^,]{1,50}, (?:and|or) |(?:and|or) )",
)
_BEFORE_PHRASE = re.compile(
    r"\s(?:for|in|on|from|despite|given|over|between|among|towards?|at|after|before|within)\b"
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|be|has|have|had|can|cannot|could|may|might|must|will|do|does|did|learnt"
    rf"|built|(?:{_VERB}|study|studie|investigate|explore|examine|argue|consider|address|describe"
    r"|build|formulate|formalize|construct|create|frame|conduct|report|combine|learn|train|extend"
    r"|revisit|unify|unifie|rely|relie|suffer|require|struggle|fail|lack|face|leverage|aim|seek"
    r"|focus|give|make|take|become|operate|work|perform|adapt|capture|allow|support|ensure|treat"
    r"|cast|view|call|ask|collect|curate|benchmark|survey|review|devise|integrate|model|estimate)"
    r"(?:s|es|d|ed)?)\b",
    re.IGNORECASE,
)
# A list or a pair of which the rest is missing; a lone word behind a comma.
_UNFINISHED = re.compile(
    r": |, (?:and )?\S+$|\((?:1|i|a)\)|\s(?:1|i|a)\)|\bnot only\b(?!.*\bbut\b)"
    r"|\b(?:both|between)\b(?!.*\band\b)"
)
_LOOSE_END = re.compile(
    r"(?:[\s,;:—–-]+|\s(?:and|or|but|the|an?|of|in|on|at|to|for|with|by|from|as|that|which|its|their"
    r"|our|is|are|both|into|between|than|such|where|while|via|using|these|this|not|can|be|how"
    r"|including|whether|when|able|designed|based|across|over|under))+$",
    re.IGNORECASE,
)
_LEAST_WORDS = 6
_TAIL = 40
"""Characters in which a loose end is looked for."""


def length(text: str) -> float:
    """Words, where two Chinese characters weigh as one (30 words ≙ 60 characters)."""
    if not _CJK.search(text):
        return len(text.split())
    return sum(0.5 if _CJK.match(unit) else 1.0 for unit in _UNIT.findall(text))


def trimmings(sentence: str, limit: int) -> tuple[str, ...]:
    """The sentence in at most `limit` words, in every way that costs it nothing it claims.

    Whole, without parentheses, without the purpose that leads it; cut only if none of these
    is short enough.
    """
    fitting = [text for text in _variants(sentence) if length(text) <= limit]
    return tuple(fitting) or (shortened(sentence, limit),)


def shortened(sentence: str, limit: int) -> str:
    """At most `limit` words of it, whole clauses where possible; `…` marks a cut within one."""
    if length(sentence) <= limit:
        return sentence
    variants = _variants(sentence)
    for boundary in (None, _AFTER_CLAUSE, _BEFORE_ADJUNCT, _BEFORE_PHRASE):
        fitting = [
            text
            for variant in variants
            for text in (_cuts(variant, boundary) if boundary else (variant,))
            if length(text) <= limit
        ]
        if fitting:
            return max(fitting, key=length)
    return _broken(variants[-1], limit)


def _variants(sentence: str) -> tuple[str, ...]:
    """With and without parentheses, with and without what leads the main clause; least last."""
    bare = _PARENTHESIS.sub("", sentence)
    every = (sentence, bare, _without_lead(sentence), _without_lead(bare))
    return tuple(dict.fromkeys(every))


def _without_lead(sentence: str) -> str:
    """From the main clause on: `To speed up X, we propose Y` as `We propose Y`."""
    main = _MAIN_CLAUSE.search(sentence) if _SUBORDINATE.match(sentence) else None
    return capitalized(sentence[main.end() :]) if main else sentence


def _cuts(sentence: str, boundary: re.Pattern[str]) -> Iterator[str]:
    """What stands before each boundary, where that can be a sentence by itself."""
    end = sentence[-1] if sentence[-1] in ".。!?！？" else "."
    start = _main_start(sentence)
    for found in boundary.finditer(sentence, start):
        text = sentence[: found.start()]
        # `paired | with`, `operating | under`: the adjunct belongs to the participle.
        bound = boundary is not _AFTER_CLAUSE and text.endswith(("ed", "ing"))
        if not bound and _whole(text, start):
            yield text.rstrip(" ,;:，；：—–-") + end


def _main_start(sentence: str) -> int:
    """Where the main clause begins: behind the comma that closes a leading one."""
    if not _SUBORDINATE.match(sentence):
        return 0
    comma = _MAIN_CLAUSE.search(sentence) or re.search(r",\s+", sentence)
    return comma.end() if comma else len(sentence)


def _whole(text: str, start: int) -> bool:
    if any(text.count(left) != text.count(right) for left, right in ("()", "[]", "“”", "{}")):
        return False
    if _CJK.search(text):
        return length(text) >= _LEAST_WORDS
    main = text[start:]
    return (
        len(main.split()) >= _LEAST_WORDS
        and not _LOOSE_END.search(main[-_TAIL:])
        and not _UNFINISHED.search(main)
        and _FINITE.search(main) is not None
    )


def _broken(sentence: str, limit: int) -> str:
    weight, end = 0.0, 0
    for unit in _UNIT.finditer(sentence):
        weight += 0.5 if _CJK.match(unit[0]) else 1.0
        if weight > limit - 0.5:
            break
        end = unit.end()
    kept = sentence[:end]
    loose = _LOOSE_END.search(kept, max(0, end - _TAIL))
    return (kept[: loose.start()] if loose else kept) + "…"
