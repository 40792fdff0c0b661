"""Documents as passages of atoms: how each kind of block looks on a phone."""

from dataclasses import replace
from typing import assert_never

from formatters.document import (
    Bullets,
    Button,
    Buttons,
    Code,
    Document,
    Facts,
    Grid,
    Heading,
    Lead,
    PaperCard,
    Quote,
    Span,
    Style,
    Text,
    Title,
    Titles,
)
from formatters.grids import drawn, told
from formatters.steps import Entry, Step, bold, colon, is_all, steps
from formatters.telegram.atoms import BLANK, BREAK, CITED, QUOTE, Atom, Passage, Row, Spare
from formatters.telegram.callbacks import callback_data, opening
from formatters.telegram.lines import fixed, line, marked
from formatters.telegram.markup import one_line, piece
from formatters.telegram.message import Key
from formatters.telegram.papers import Detail, entry, whole_card
from formatters.text import truncate

KEYS_IN_ROW = 8
_PHONE = 36
"""Columns of a fixed pitch on a phone."""
_LONGEST_LABEL = 64
_TITLES_RANK, _ENTRIES_RANK, _BULLETS_RANK = 1, 2, 3
"""Which lists are cut first where room is short; before all of them, abstracts."""


def passages(document: Document, detail: Detail) -> list[Passage]:
    """The document's passages, each with the keys of the buttons behind it."""
    laid: list[Passage] = []
    early: tuple[Row, ...] = ()
    before: Step | None = None
    for step in steps(document.blocks):
        if isinstance(step, Buttons):
            if laid:
                laid[-1] = replace(laid[-1], rows=laid[-1].rows + _rows(step))
            else:
                early += _rows(step)
        elif (made := _passage(step, detail)).atoms:
            gap = _gap(before, step, detail)
            if gap is None:
                laid.append(made)
            else:
                laid[-1] = _joined(laid[-1], gap, made)
            before = step
    if early:
        laid = laid or [Passage((Atom(piece("…")),))]
        laid[0] = replace(laid[0], rows=early + laid[0].rows)
    return laid


def in_rows(keys: Row) -> tuple[Row, ...]:
    """Keys in as many rows as they take."""
    return tuple(keys[at : at + KEYS_IN_ROW] for at in range(0, len(keys), KEYS_IN_ROW))


def key(button: Button) -> Key:
    """A button as a key; Telegram wants some label."""
    label = one_line(button.label) or one_line(button.command) or "…"
    return Key(truncate(label, _LONGEST_LABEL), callback_data(button))


def _rows(block: Buttons) -> tuple[Row, ...]:
    return in_rows(tuple(key(button) for button in block.buttons))


def _gap(before: Step | None, step: Step, detail: Detail) -> str | None:
    """What stands between two steps that belong together; None where they do not."""
    faint = is_all(step, Style.FAINT)
    if isinstance(before, Title | Heading | Lead) or (faint and isinstance(before, Titles)):
        return BREAK
    if isinstance(before, Entry) and isinstance(step, Entry):
        return BREAK if detail is Detail.TITLES else None
    if is_all(before, Style.FAINT) and isinstance(step, Text | Bullets):
        return BREAK
    if is_all(before, Style.STRONG) and isinstance(step, Text | Bullets | Facts):
        return BREAK
    return BLANK if faint and before is not None else None


def _joined(above: Passage, gap: str, below: Passage) -> Passage:
    """Two passages as one."""
    first, *rest = below.atoms
    spare = above.spare
    if below.spare is not None:
        height = len(above.atoms)
        start, stop = below.spare.start + height, below.spare.stop + height
        if spare is not None and spare.rank == below.spare.rank and spare.stop == start:
            start = spare.start
        spare = replace(below.spare, start=start, stop=stop)
    return replace(
        above,
        atoms=(*above.atoms, replace(first, gap=gap), *rest),
        rows=above.rows + below.rows,
        numbers=above.numbers + below.numbers,
        spare=spare,
    )


def _passage(step: Step, detail: Detail) -> Passage:
    match step:
        case Entry():
            made = _entry(step, detail)
        case PaperCard():
            made = whole_card(step, detail)
        case Bullets():
            made = _bullets(step)
        case Titles():
            made = _titles(step)
        case _:
            made = Passage(_atoms(step))
    return made


def _atoms(
    block: Title | Heading | Text | Facts | Code | Grid | Quote | Lead | Buttons,
) -> tuple[Atom, ...]:
    match block:
        case Title() | Heading():
            atoms = line(bold(block.text), foreign=True)
        case Text():
            atoms = line(block.text)
        case Facts():
            atoms = _facts(block)
        case Code():
            atoms = fixed(block.text)
        case Grid():
            atoms = _grid(block)
        case Quote():
            atoms = _quote(block)
        case Lead():
            atoms = _lead(block)
        case Buttons():
            atoms = ()
        case _:
            assert_never(block)
    return atoms


def _bullets(block: Bullets) -> Passage:
    atoms: list[Atom] = []
    for number, item in enumerate(block.items, block.start or 0):
        mark = "• " if block.start is None else f"{number}. "
        atoms += marked(mark, item, BREAK if atoms else BLANK)
    return Passage(tuple(atoms), spare=Spare(0, len(atoms), _BULLETS_RANK) if atoms else None)


def _titles(block: Titles) -> Passage:
    """The caption, and the titles folded."""
    atoms = list(line((Span(one_line(block.caption), Style.STRONG),), foreign=True))
    start = len(atoms)
    for number, item in enumerate(block.items, block.start):
        gap = BREAK if atoms else BLANK
        atoms += marked(f"{number}. ", item, gap, QUOTE, foreign=True)
    spare = Spare(start, len(atoms), _TITLES_RANK) if len(atoms) > start else None
    return Passage(tuple(atoms), spare=spare)


def _facts(block: Facts) -> tuple[Atom, ...]:
    atoms: list[Atom] = []
    for name, value in block.pairs:
        called = one_line(name)
        said = value[0].text if value else ""
        named = (Span(called + colon(called, said)),) if called else ()
        atoms += line((*named, *value), BREAK if atoms else BLANK)
    return tuple(atoms)


def _grid(block: Grid) -> tuple[Atom, ...]:
    """A table in a box under its caption; one too wide for a phone row by row."""
    caption = line(block.caption, foreign=True)
    table = drawn(block, _PHONE)
    if table is None:
        rows = [atom for row in told(block) for atom in marked("• ", row, BREAK, foreign=True)]
    else:
        rows = list(fixed(table))
    if caption and rows:
        rows[0] = replace(rows[0], gap=BREAK)
    return (*caption, *rows)


def _quote(block: Quote) -> tuple[Atom, ...]:
    """Words in a frame with where they stand."""
    said = line(block.text, BLANK, CITED, foreign=True)
    return (*said, *line(block.source, BREAK if said else BLANK, CITED, foreign=True))


def _lead(block: Lead) -> tuple[Atom, ...]:
    why = one_line(block.why or "")
    reasons = (Span(f" · {why}", Style.FAINT),) if why else ()
    return marked(f"{block.number}. ", (*block.text, *reasons), BLANK, foreign=True)


def _entry(step: Entry, detail: Detail) -> Passage:
    atoms = entry(step.lead.number, step.lead.text, step.card, detail)
    return Passage(
        atoms,
        numbers=(key(opening(step.lead, step.card)),),
        spare=Spare(0, len(atoms), _ENTRIES_RANK) if detail is Detail.TITLES else None,
    )
