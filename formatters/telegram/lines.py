"""Lines as atoms: whole where they are small, else broken between sentences, else words."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html import escape

from formatters.document import Inline, Span, Style
from formatters.steps import stretch
from formatters.telegram.atoms import BLANK, BREAK, PRE, Atom, Wrap
from formatters.telegram.markup import Piece, address, clean, joined, piece, units
from formatters.text import sentences, split

LARGEST = Piece("", size=3_600, entities=60, weight=5_000)
"""What one atom may count."""
_PART = 600
"""Signs of the parts of a line that is too long for one atom."""
_SHORT_CODE = 64


@lru_cache(maxsize=1 << 13)
def line(
    text: Inline, gap: str = BLANK, wrap: Wrap | None = None, *, foreign: bool = False
) -> tuple[Atom, ...]:
    """A line as one atom, or as many as it takes; none where it says nothing.

    `foreign`: from a paper or a person, so that no command in it can be tapped. Remembered,
    since a morning says the same in many chats.
    """
    spans = [Span(clean(span.text), span.style, address(span.href)) for span in text]
    seen = "".join([span.text for span in spans])
    if seen != seen.strip():
        start = len(seen) - len(seen.lstrip())
        spans = stretch(spans, start, len(seen.rstrip()))
        seen = seen.strip()
    if not seen:
        return ()
    whole = _styled(spans, foreign=foreign)
    if _is_small(whole):
        return (Atom(whole, gap, wrap),)
    return _atoms(spans, _parts(spans, foreign=foreign), gap, wrap, foreign=foreign)


def marked(
    mark: str, text: Inline, gap: str, wrap: Wrap | None = None, *, foreign: bool = False
) -> tuple[Atom, ...]:
    """An item of a list behind its mark; none where it says nothing."""
    return behind(mark, line(text, gap, wrap, foreign=foreign))


def behind(mark: str, atoms: tuple[Atom, ...]) -> tuple[Atom, ...]:
    """Atoms of which the first begins with a mark."""
    if not atoms:
        return ()
    first, *rest = atoms
    said = first.piece
    with_mark = Piece(mark + said.html, len(mark) + said.size, said.entities, said.weight)
    return (Atom(with_mark, first.gap, first.wrap), *rest)


def by_sentence(text: str, gap: str = BLANK, wrap: Wrap | None = None) -> tuple[Atom, ...]:
    """A paper's clean text, an atom a sentence."""
    bounds = (
        (start + first, start + last)
        for start, end in _places(text, sentences(text))
        for first, last in _parts([Span(text[start:end])], foreign=True)
    )
    return _atoms([Span(text)], bounds, gap, wrap, foreign=True)


def fixed(text: str) -> tuple[Atom, ...]:
    """Text in a fixed pitch: a short line as part of the text, else a box."""
    rows = [row.rstrip() for row in clean(text.expandtabs(4)).split("\n")]
    said = [number for number, row in enumerate(rows) if row]
    if not said:
        return ()
    rows = rows[said[0] : said[-1] + 1]
    if len(rows) == 1 and len(rows[0]) <= _SHORT_CODE:
        return line((Span(rows[0], Style.CODE),))
    return tuple(
        Atom(_in_box(row[start : start + _PART]), "" if start else BREAK if number else BLANK, PRE)
        for number, row in enumerate(rows)
        for start in range(0, len(row) or 1, _PART)
    )


def _parts(
    spans: Sequence[Span], limit: int = _PART, *, foreign: bool
) -> Iterator[tuple[int, int]]:
    """Where the parts of a line start and end so that each is small."""
    seen = "".join(span.text for span in spans)
    for start, end in _places(seen, split(seen, limit)):
        part = stretch(spans, start, end)
        if limit == 1 or _is_small(_styled(part, foreign=foreign)):
            yield start, end
        else:
            for first, last in _parts(part, limit // 2, foreign=foreign):
                yield start + first, start + last


def _places(text: str, parts: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where in the text its parts are, in their order."""
    end = 0
    for part in parts:
        start = text.index(part, end)
        end = start + len(part)
        yield start, end


def _atoms(
    spans: Sequence[Span],
    bounds: Iterable[tuple[int, int]],
    gap: str,
    wrap: Wrap | None,
    *,
    foreign: bool,
) -> tuple[Atom, ...]:
    """The parts of a line, with the white space that was between them."""
    seen = "".join(span.text for span in spans)
    atoms: list[Atom] = []
    last = 0
    for start, end in bounds:
        if atoms:
            between = seen[last:start]
            gap = BREAK if "\n" in between else " " if between else ""
        atoms.append(Atom(_styled(stretch(spans, start, end), foreign=foreign), gap, wrap))
        last = end
    return tuple(atoms)


def _styled(spans: Iterable[Span], *, foreign: bool) -> Piece:
    return joined(piece(s.text, s.style, s.href, foreign=foreign) for s in spans if s.text)


def _in_box(row: str) -> Piece:
    return Piece(escape(row, quote=False), units(row), 0, 0)


def _is_small(whole: Piece) -> bool:
    return (
        whole.size <= LARGEST.size
        and whole.entities <= LARGEST.entities
        and whole.weight <= LARGEST.weight
    )
