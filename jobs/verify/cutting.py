"""What is too much of a text is cut away: thoughts, greetings, notes, markdown, more sentences.

Cuts only: what remains is the model's own words in their order. What can't be told from
the text with certainty stays, and is judged elsewhere.
"""

import re
from collections.abc import Callable, Iterator

from formatters.text import folded, strip_controls
from formatters.text.prose import sentences
from jobs.shortening import length
from jobs.verify.fields import Field, Kind
from jobs.verify.phrases import pattern, patterns
from jobs.verify.source import Source

Span = tuple[int, int]

_EMPHASIS = (
    (re.compile(r"(\*\*|__)(?=\S)[^\n]+?(?<=\S)(\1)"), "pair"),
    (re.compile(r"(?<![\w*])(\*)(?=[^\s*])[^*\n]*[^\s*](\*)(?![\w*])"), "pair"),
    (re.compile(r"(?<![\w`])(`)(?=[^\s`])[^`\n']*(`)(?![\w`])"), "pair"),
    (re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+|^[ \t]*>[ \t]+", re.MULTILINE), "all"),
    (re.compile(r"^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$\n?", re.MULTILINE), "all"),
)
_MARKER = re.compile(r"\A\s*(?:[-*•·▪◦–—][ \t]+|\(?\d{1,2}(?:[.)）][ \t]+|、\s*))(?=\S)")
_QUOTES = ("“”", '""', "「」", "『』", "‘’", "''", "《》", "【】", "«»")
_ORIGINAL = re.compile(r"\s*[（(]([^（()）]{4,})[)）]\s*\Z")
_EXCESS = tuple(
    re.compile(sign)
    for sign in (
        r"[^\S\n]+(?=\n)",
        r"(?<=\n\n)\n+",
        r"(?<=\S[^\S\n])[^\S\n]+",
        r"(?<=\n\s{4})[^\S\n]+",
    )
)
_MOST_ROUNDS = 20
"""What is wrapped deeper is no text."""
_OPEN, _CLOSE = "（([【〔{", "）)]】〕}"


def mended(raw: str, field: Field, source: Source) -> tuple[str, tuple[str, ...]]:
    """`raw` without its surroundings, and the pieces that were cut."""
    text, cuts = _tidied(strip_controls(raw)), list[str]()
    for _ in range(_MOST_ROUNDS):
        before = text
        for find in _FINDERS:
            spans = list(find(text, field, source))
            cuts += [piece for a, b in spans if (piece := text[a:b].strip())]
            text = _tidied(_without(text, spans)) if spans else text
        if text == before:
            return text, tuple(cuts)
    return "", (*cuts, text)


def _tidied(text: str) -> str:
    """Without superfluous white space, of which some patterns are quadratic."""
    for excess in _EXCESS:
        text = excess.sub("", text)
    return text.strip()


def _without(text: str, spans: list[Span]) -> str:
    kept, at = [], 0
    for start, end in spans:
        kept.append(text[at:start])
        at = end
    return "".join([*kept, text[at:]])


def _thoughts(text: str, _field: Field, _source: Source) -> Iterator[Span]:
    if "<" in text or "◁" in text or "[" in text or "``" in text or "~~" in text:
        yield from _first(patterns("thoughts"), text)


def _openers(text: str, _field: Field, _source: Source) -> Iterator[Span]:
    yield from _first(patterns("openers"), text)


def _endings(text: str, _field: Field, _source: Source) -> Iterator[Span]:
    yield from _first(patterns("endings"), text)


def _first(known: tuple[re.Pattern[str], ...], text: str) -> Iterator[Span]:
    """What the first pattern that finds something finds."""
    for sign in known:
        found = [match.span() for match in sign.finditer(text) if match.end() > match.start()]
        if found:
            yield from found
            return


def _bracketed_notes(text: str, field: Field, _source: Source) -> Iterator[Span]:
    """Notes in brackets, to the bracket that closes them, or to the end."""
    sorts = ("note_opens", "title_note_opens") if field.kind is Kind.TITLE else ("note_opens",)
    for sort in sorts:
        if found := pattern(sort).search(text):
            yield found.start(), _closing(text, found.end())
            return


def _closing(text: str, at: int) -> int:
    """Behind the bracket that closes the one opened before `at`."""
    depth = 1
    for place in range(at, len(text)):
        if text[place] in _OPEN:
            depth += 1
        elif text[place] in _CLOSE:
            depth -= 1
            if depth == 0:
                return place + 1
    return len(text)


def _trailing_notes(text: str, field: Field, source: Source) -> Iterator[Span]:
    if "note:" in source.folded and field.kind is not Kind.TITLE:
        return
    notes = patterns("notes")
    yield from _first(notes[1:] if field.kind is Kind.TEXT else notes, text)


def _markdown(text: str, field: Field, _source: Source) -> Iterator[Span]:
    for sign, what in _EMPHASIS:
        if what == "pair" and (found := [*sign.finditer(text)]):
            yield from (match.span(mark) for match in found for mark in (1, 2))
            return
        if what == "all" and (spans := [match.span() for match in sign.finditer(text)]):
            yield from spans
            return
    if field.kind.one_line and (match := _MARKER.match(text)):
        yield match.span()


def _quotes(text: str, _field: Field, _source: Source) -> Iterator[Span]:
    """A pair of quotation marks around everything."""
    inside = text[1:-1]
    for pair in _QUOTES:
        if inside and text[0] + text[-1] == pair and not set(pair) & set(inside):
            yield 0, 1
            yield len(text) - 1, len(text)


def _title_extras(text: str, field: Field, source: Source) -> Iterator[Span]:
    """The original beside its translation, and the full stop that titles don't have."""
    if field.kind is not Kind.TITLE:
        return
    original = folded(source.title)
    at = 0
    for line in text.splitlines(keepends=True):
        if len(line) < len(text) and original and folded(line) == original:
            yield at, at + len(line)
            return
        at += len(line)
    if (match := _ORIGINAL.search(text)) and match.start() and folded(match[1]) == original:
        yield match.span()
    elif text.endswith("。") and text.count("。") == 1:
        yield len(text) - 1, len(text)


def _surplus(text: str, field: Field, _source: Source) -> Iterator[Span]:
    """What an overlong TL;DR says after the first sentences, if those tell what the paper does."""
    if field.kind is not Kind.TLDR or field.most is None or length(text) <= field.most:
        return
    end = 0
    for sentence in sentences(text):
        after = text.index(sentence, end) + len(sentence)
        if length(text[:after]) > field.most:
            break
        end = after
    if end and pattern("claims").search(text[:end]):
        yield end, len(text)


_FINDERS: tuple[Callable[[str, Field, Source], Iterator[Span]], ...] = (
    _thoughts,
    _openers,
    _bracketed_notes,
    _trailing_notes,
    _endings,
    _markdown,
    _quotes,
    _title_extras,
    _surplus,
)
