"""Where the orders stand in what is read one after another: sentences, lines, cells. Pure.

A text is judged both as readers see it and as its TeX has it: TeX hides spaces and letters, and
what a formula says begins at its braces.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from formatters.text import readable, sentences, split
from jobs.screening.orders import looks_hinted

_SHORTEST = 6
"""An order has at least so many characters."""
_LONGEST = 5_000
"""What a sentence, or a text without any, is judged by at a time."""
_NEAR = 300
"""So far behind an order its sentence may go on with another one."""
_FORMULA = re.compile(r"\$[^$]{1,1000}\$")
_TEX_SPACE = re.compile(
    r"\\[ ,;:!\\]|~|\\(?:q?quad|(?:en|thin|med|thick|nobreak)?space)(?![A-Za-z])\s*"
)
_MARGINS = re.compile(r"^[\W_]+|[\s\\/*#%|]+$")
"""Marks of lists, of comments, of emphasis, and what ends a line of code."""
_ENDS = re.compile(r"[.!?]\s|[。！？]")
_AND = re.compile(r"[,;，；、]\s*|\b(?:and|or|then|but|also)\s+|\s*(?:并且?|且|同时)")
_WORD = re.compile(r"[^\W_]")
_LETTER = re.compile(r"[^\W\d_]")
_ENDED = re.compile(r"[.!?。！？]\W*$")
_LEAD = re.compile(r"[\W\d]*\n")
"""What an order may have before it, but does not begin with."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a sentence, or a part of one, stands."""

    piece: int
    start: int
    end: int


Order = tuple[Span, ...]
"""One order; it may go over several pieces."""


def instructions_in(text: str) -> list[tuple[int, int]]:
    """Where the sentences of `text` stand that are orders to a model, in order, apart."""
    orders = orders_across((text,)) if hinted((text,)) else ()
    return [(order[0].start, order[-1].end) for order in orders]


def hinted(pieces: Sequence[str]) -> bool:
    """Whether there may be an order in them, at a quick look."""
    whole = "\n".join(pieces)
    if len(whole) < _SHORTEST:
        return False
    shown = readable(whole)
    is_tex = "\\" in whole or "$" in whole
    looks = looks_hinted(f"{whole}\n{shown}" if is_tex else shown)
    if not looks:
        return False
    read = [shown] if len(pieces) == 1 else map(readable, pieces)
    texts = {_lined(lines) for lines in (read, map(_as_written, pieces))}
    return any(look.loose.search(text) for look in looks for text in texts)


def orders_across(pieces: Sequence[str]) -> list[Order]:
    """The orders to a model in texts that are read one after another, in order, apart."""
    spans = [span for at, piece in enumerate(pieces) for span in _sentences(at, piece)]
    raw = [pieces[span.piece][span.start : span.end] for span in spans]
    read, written = [readable(text) for text in raw], [_as_written(text) for text in raw]
    found = [*_covered(read), *(_covered(written) if written != read else ())]
    whole = [(first, _last(spans, raw, last)) for first, last in found]
    return [tuple(spans[first : last + 1]) for first, last in _joined(whole)]


def _sentences(at: int, text: str) -> Iterator[Span]:
    end = 0
    for part in split(text, _LONGEST):
        for sentence in sentences(part):
            start = text.index(sentence, end)
            end = start + len(sentence)
            if _WORD.search(sentence):
                yield Span(at, start, end)


def _as_written(text: str) -> str:
    """Its source with TeX's spaces as such; within formulas each may begin an order."""
    text = " ".join(text.split())
    if "\\" not in text and "~" not in text:
        return text
    text = _FORMULA.sub(lambda formula: _TEX_SPACE.sub("\n", formula[0]), text)
    return re.sub(" +", " ", _TEX_SPACE.sub(" ", text))


def _lined(lines: Iterable[str]) -> str:
    return "\n".join(filter(None, map(_bare, lines)))


def _bare(line: str) -> str:
    return _MARGINS.sub("", line)


def _covered(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The first and the last of the sentences of each order."""
    lines = list(map(_bare, texts))
    whole = "\n".join(lines)
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))[:-1]
    orders = [look.order for look in looks_hinted(whole)]
    for order in orders:
        for found in order.finditer(whole):
            lead = _LEAD.match(found[0])
            start = found.start() + (lead.end() if lead else 0)
            end = _ending(whole, found.start() + len(found[0].rstrip()), orders)
            yield bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1


def _ending(text: str, end: int, orders: Iterable[re.Pattern[str]]) -> int:
    """Where the last of the orders ends that a sentence goes on with."""
    over = _ENDS.search(text, end, end + _NEAR)
    for joint in _AND.finditer(text, end, over.start() if over else end + _NEAR):
        rest = text[joint.end() : joint.end() + _NEAR]
        ends = (found.end() for order in orders if (found := order.match(rest)))
        end = max(end, joint.end() + max(ends, default=0))
    return end


def _last(spans: Sequence[Span], texts: Sequence[str], last: int) -> int:
    """Where the sentence ends that goes on in the next pieces; `last` where no end is near."""
    at, near = last, _NEAR
    while near > 0:
        more = at + 1 < len(spans)
        if _ENDED.search(texts[at]) or (more and spans[at + 1].piece == spans[at].piece):
            return at
        if not more or not _LETTER.search(texts[at + 1]):
            break
        at += 1
        near -= len(texts[at])
    return last


def _joined(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that overlap as one."""
    apart: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if apart and first <= apart[-1][1]:
            apart[-1] = apart[-1][0], max(last, apart[-1][1])
        else:
            apart.append((first, last))
    return apart
