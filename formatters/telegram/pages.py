"""Passages in messages, in their order, each message within Telegram's limits.

A message ends between passages; within one only where it is too large for any message.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from formatters.telegram.atoms import BLANK, Atom, Passage, Row
from formatters.telegram.markup import ENTITY_WEIGHT
from formatters.telegram.message import Key, Message
from formatters.telegram.passages import in_rows

MOST_UNITS = 3_800
MOST_ENTITIES = 90
MOST_WEIGHT = 8_000
"""Telegram refuses a message whose entities take about 9,500 bytes."""
MOST_KEY_BYTES = 9_000
"""Telegram refuses a keyboard of more than 10 kB …"""
LEAST_KEY = 90
"""… or of more than 100 keys: so much each of them counts at least."""
_KEY_FRAME = 40


@dataclass(frozen=True, slots=True)
class _Load:
    """What atoms and keys take of a message that has something already."""

    size: int
    entities: int
    weight: int
    keys: int = 0


class Page:
    """One message while it is filled."""

    def __init__(self) -> None:
        self.atoms: list[Atom] = []
        self.rows: list[Row] = []
        self.numbers: list[Key] = []
        self._size = self._entities = self._weight = self._keys = 0

    def takes(self, load: _Load) -> bool:
        """Whether so much still fits."""
        return (
            self._size + load.size <= MOST_UNITS
            and self._entities + load.entities <= MOST_ENTITIES
            and self._weight + load.weight <= MOST_WEIGHT
            and self._keys + load.keys <= MOST_KEY_BYTES
        )

    def add(self, atoms: Sequence[Atom], load: _Load) -> None:
        """Put these at the end."""
        self.atoms += atoms
        self._size += load.size
        self._entities += load.entities
        self._weight += load.weight

    def add_keys(self, passage: Passage, load: _Load) -> None:
        """Put a passage's keys under the message."""
        self.rows += passage.rows
        self.numbers += passage.numbers
        self._keys += load.keys

    def message(self, numbers: Sequence[Key], *, silent: bool) -> Message:
        """The message, with the keys that open papers above the others."""
        rows = _affordable(self.rows, MOST_KEY_BYTES)
        opening = _affordable(in_rows(tuple(numbers)), MOST_KEY_BYTES - _cost(rows))
        return Message(_html(self.atoms), opening + rows, silent)


def paged(passages: Iterable[Passage], *, clean: bool = False) -> list[Page]:
    """The passages in messages; `clean`: what is to begin one of its own does."""
    pages: list[Page] = []
    for passage in passages:
        load = _load(passage.atoms, None, passage.rows)
        page = pages[-1] if pages else None
        if page is None or (clean and passage.fresh) or not _begins(page, passage, load):
            page = Page()
            pages.append(page)
        if page.takes(load):
            page.add(passage.atoms, load)
        else:
            page = _spread(passage, pages)
        page.add_keys(passage, load)
    return pages


def finished(pages: Sequence[Page]) -> list[Message]:
    """The messages; only the first one makes a sound.

    The keys that open a list's papers stand together, under the list's end.
    """
    numbers = [key for page in pages for key in page.numbers]
    last = max((at for at, page in enumerate(pages) if page.numbers), default=None)
    return [
        page.message(numbers if at == last else (), silent=at > 0) for at, page in enumerate(pages)
    ]


def _begins(page: Page, passage: Passage, load: _Load) -> bool:
    """Whether a passage begins on a page that has something already."""
    if page.takes(load):
        return True
    too_large = not Page().takes(load)
    return too_large and page.takes(_load(passage.atoms[:2], None))


def _spread(passage: Passage, pages: list[Page]) -> Page:
    """Spread a passage over messages, as many as it takes; the one that has its end."""
    page = pages[-1]
    for atom in passage.atoms:
        load = _load((atom,), page.atoms[-1] if page.atoms else None)
        if not page.takes(load):
            page = Page()
            pages.append(page)
            load = _load((atom,), None)
        page.add((atom,), load)
    return page


def _load(atoms: Iterable[Atom], above: Atom | None, rows: Iterable[Row] = ()) -> _Load:
    """What atoms take below another one."""
    size = entities = weight = 0
    for atom in atoms:
        said = atom.piece
        size += len(atom.gap) + said.size
        entities += said.entities
        weight += said.weight
        if atom.wrap and not _goes_on(above, atom):
            entities += 1
            weight += ENTITY_WEIGHT
        above = atom
    return _Load(size, entities, weight, _cost(rows))


def _goes_on(above: Atom | None, atom: Atom) -> bool:
    """Whether an atom stands in the same box as the one above it."""
    return above is not None and above.wrap is atom.wrap and atom.gap != BLANK


def _html(atoms: Sequence[Atom]) -> str:
    out: list[str] = []
    above: Atom | None = None
    for atom in atoms:
        goes_on = _goes_on(above, atom)
        if above is not None:
            if above.wrap and not goes_on:
                out.append(above.wrap.after)
            out.append(atom.gap)
        if atom.wrap and not goes_on:
            out.append(atom.wrap.before)
        out.append(atom.piece.html)
        above = atom
    if above is not None and above.wrap:
        out.append(above.wrap.after)
    return "".join(out)


def _affordable(rows: Iterable[Row], room: int) -> tuple[Row, ...]:
    """The first of these keys, as many as Telegram takes."""
    kept: list[Row] = []
    for row in rows:
        costs = accumulate(map(_key_cost, row))
        shown = row[: sum(cost <= room for cost in costs)]
        room -= _cost([shown])
        kept.append(shown)
        if shown != row:
            break
    return tuple(row for row in kept if row)


def _cost(rows: Iterable[Row]) -> int:
    return sum(_key_cost(key) for row in rows for key in row)


def _key_cost(key: Key) -> int:
    said = len(key.label.encode()) + len((key.data or key.href or "").encode())
    return max(said + _KEY_FRAME, LEAST_KEY)
