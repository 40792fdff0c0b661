"""What a text says grows or shrinks, gets better or worse, in English and Chinese. Reading only.

`error falls`, `lower error` and 误差降低 have the same sense; `does not lower the error` denies
it. Comparing the senses of two texts is `reversals`' business.
"""

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from jobs.verify.stems import things
from jobs.verify.words import Measure, lists

_TURN = re.compile(
    r"\b(?:(?P<up>increas\w*|rais(?:e[sd]?|ing)|boost\w*|higher|grow\w*|grew|r(?:ise[sn]?|ising|ose))"
    r"|(?P<down>reduc\w*|decreas\w*|lower\w*|cut(?:s|ting)?|shr[iau]nk\w*|drop\w*|f(?:alls?|alling|ell)"
    r"|fewer|less|halv\w*|sav(?:e[sd]?|ings?)|minimi[sz]\w*|mitigat\w*|alleviat\w*|suppress\w*|declin\w*)"
    r"|(?P<better>improv\w*|enhanc\w*|better|strengthen\w*|gains?)"
    r"|(?P<worse>degrad\w*|wors(?:e|en\w*)|hurt\w*|harm(?:s|ed|ing)?|impair\w*|deteriorat\w*))\b"
    r"|(?P<zup>提升|提高|增加|增大|上升|增长|升高|(?<![\w.])\+(?=\d))"
    r"|(?P<zdown>降低|减少|下降|缩短|缩小|节省|减轻|缓解|抑制)"
    r"|(?P<zbetter>改善|改进|增强|优化)|(?P<zworse>恶化|损害|削弱|牺牲)",
    re.IGNORECASE,
)
_OF_ITSELF = re.compile(
    r"(?:increas|decreas|drop|f[ae]ll|gr[oe]w|r[io]se|improve|degrade|declin|deteriorat|shr[ia]nk"
    r"|[\u4e00-\u9fff])",
    re.IGNORECASE,
)
"""What may stand behind its subject: `the error drops`."""
_EDGE = re.compile(
    r"(?<!\d)[.,]|[.,](?!\d)|[;:!?()，；：。！？、（）]|\b(?:while|whereas|but|although|though|despite)\b"
    r"|而|同时|并且|但",
    re.IGNORECASE,
)
"""Between clauses."""
_DENIED = re.compile(
    r"(?:\b(?:not|never|no|without|cannot|neither|nor|hardly|fails? to|failed to|rather than"
    r"|avoid\w*|prevent\w*)|n['’]t)(?:\s+\w+){0,2}\s*\Z|(?:不|未|没有|无法|难以|并非|避免|防止|无需)[^，。]{0,2}\Z",
    re.IGNORECASE,
)
_AND = re.compile(r"(?:\b(?:and|or|to|for|by)|并|且|与)\s*\Z")
_NUMBER = re.compile(r"(?<![\w.-])\d[\d.]*\d|(?<![\w.-])\d(?=\s?[%×x倍])")
_OBJECT = re.compile(r"(?:\W*[^\W_][\w-]*){1,4}")
_WORD = re.compile(r"[^\W_][\w-]*")
_SUBJECT = 3
"""Words of a subject."""
_NEAR = 80
"""Characters around a turn in which it is looked for what turns."""
_BEFORE, _BEHIND = 6, 3
"""Words between what turns and its measure."""
_BEFORE_ZH, _BEHIND_ZH = 12, 18
"""Characters likewise."""


_SHOWN = 80


class Turn(StrEnum):
    """Where something goes."""

    UP = "up"
    DOWN = "down"
    BETTER = "better"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Sense:
    """One turn, and of what."""

    turn: Turn
    """With a measure known: better or worse. Without: as it is said."""
    about: frozenset[str]
    """What turns: measures, numbers, and the stems and names beside it."""
    measured: frozenset[str]
    """The measures and numbers: they make two texts comparable though little else is alike."""
    numbers: frozenset[str]
    spoken: Turn
    """The turn as it is said, whatever the measure."""
    denied: bool
    """It is said not to."""
    clause: frozenset[str]
    """Stems and names of everything around it."""
    said: str

    def contradicts(self, other: "Sense") -> bool:
        """Whether not both can be true of one thing."""
        if self.denied and other.denied:
            return False
        if self.denied != other.denied:
            return self.turn is other.turn
        turns = {self.turn, other.turn}
        if turns == {Turn.BETTER, Turn.DOWN}:
            spoken = {self.spoken, other.spoken}
            return bool(self.numbers & other.numbers) and spoken == turns
        return turns in ({Turn.UP, Turn.DOWN}, {Turn.BETTER, Turn.WORSE})


def senses(text: str) -> Iterator[Sense]:
    """Every turn in `text` of which it is plain what turns."""
    for clause in _EDGE.split(text):
        turns = list(_TURN.finditer(clause))
        if turns:
            everything, measures = things(clause), _measures(clause, turns)
            for place, measured in enumerate(measures):
                sense = _sense(clause, turns, place, measured, everything)
                if sense.about:
                    yield sense


def _sense(
    clause: str,
    turns: list[re.Match[str]],
    place: int,
    measures: set[Measure],
    everything: frozenset[str],
) -> Sense:
    turn = turns[place]
    start = turns[place - 1].end() if place else 0
    end = turns[place + 1].start() if place + 1 < len(turns) else len(clause)
    before, behind = clause[start : turn.start()][-_NEAR:], clause[turn.end() : end][:_NEAR]
    spoken = Turn((turn.lastgroup or "").removeprefix("z"))
    numbers = frozenset(_NUMBER.findall(before)[-1:] + _NUMBER.findall(behind)[:2])
    measured = numbers.union(measure.zh.pattern for measure in measures)
    return Sense(
        turn=_judged(spoken, measures),
        spoken=spoken,
        about=measured | _beside(turn, before, behind),
        measured=measured,
        numbers=numbers,
        denied=_DENIED.search(clause[: turn.start()][-_NEAR:]) is not None,
        clause=everything,
        said=_shown(clause.strip()),
    )


def _judged(spoken: Turn, measured: set[Measure]) -> Turn:
    """Better or worse where it is known of what more is better, and all of it agrees."""
    if spoken not in (Turn.UP, Turn.DOWN) or len({measure.good for measure in measured}) != 1:
        return spoken
    more_is_better = next(iter(measured)).good
    return Turn.BETTER if more_is_better == (spoken is Turn.UP) else Turn.WORSE


def _beside(turn: re.Match[str], before: str, behind: str) -> frozenset[str]:
    """Stems and names of the object behind the turn, or of the subject before it."""
    named = _OBJECT.match(behind)
    found = things(named[0]) if named else frozenset()
    if _OF_ITSELF.match(turn[0]):
        found |= things(" ".join(_WORD.findall(before)[-_SUBJECT:]))
    return found


def _shown(clause: str) -> str:
    return clause if len(clause) <= _SHOWN else f"{clause[:_SHOWN]}…"


def _measures(clause: str, turns: list[re.Match[str]]) -> list[set[Measure]]:
    """What each turn turns."""
    found: list[set[Measure]] = [set() for _ in turns]
    for measure in lists().measures:
        for thing in (*measure.en.finditer(clause), *measure.zh.finditer(clause)):
            place = _turn_of(thing, turns, clause)
            if place is not None:
                found[place].add(measure)
    return found


def _turn_of(thing: re.Match[str], turns: list[re.Match[str]], clause: str) -> int | None:
    """What the thing does or is made to do: the nearest of the turns around it that fits."""
    at = bisect(turns, thing.start(), key=lambda turn: turn.start())
    near = [
        (gap, place)
        for place in range(max(0, at - 1), min(len(turns), at + 1))
        if (gap := _gap(thing, turns[place], clause)) is not None
    ]
    return min(near, default=(0, None))[1]


def _gap(thing: re.Match[str], turn: re.Match[str], clause: str) -> int | None:
    """How far apart they are; None where they don't belong together."""
    chinese = not thing[0].isascii()
    if turn.end() <= thing.start():
        between, most = clause[turn.end() : thing.start()], _BEFORE_ZH if chinese else _BEFORE
    else:
        between, most = clause[thing.end() : turn.start()], _BEHIND_ZH if chinese else _BEHIND
        if _AND.search(between[-_NEAR:]) or not _OF_ITSELF.match(turn[0]):
            return None
    gap = len(between.strip()) if chinese else len(between.split())
    return gap if gap <= most else None
