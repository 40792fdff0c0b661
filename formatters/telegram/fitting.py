"""A document in a given number of messages: less of each paper, then fewer of them."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace

from formatters.catalogue import say
from formatters.document import Document
from formatters.telegram.atoms import BLANK, BREAK, Atom, Passage, Spare
from formatters.telegram.markup import piece
from formatters.telegram.message import Message
from formatters.telegram.pages import Page, finished, paged
from formatters.telegram.papers import Detail
from formatters.telegram.passages import passages
from storage.models import Lang

Laid = Sequence[Passage]
_MORE = piece("…")


def messages(document: Document, most: int | None = None, lang: Lang = Lang.EN) -> list[Message]:
    """The document whole, in as many messages as it takes; or what fits into `most`."""
    return fitted(lambda detail: passages(document, detail), most, lang)


def one_message(document: Document, lang: Lang = Lang.EN) -> Message:
    """The document in one message, to stand in another one's place."""
    found = messages(document, 1, lang)
    return found[0] if found else Message(_MORE.html)


def fitted(lay: Callable[[Detail], Laid], most: int | None, lang: Lang) -> list[Message]:
    """What `lay` lays out, in as much detail as fits into `most` messages.

    Where one is not enough, what is to begin a message of its own does, if they suffice.
    """
    laid: Laid = ()
    for detail in Detail:
        laid = lay(detail)
        pages = _within(laid, most)
        if pages is not None:
            return finished(pages)
    return finished(paged(_cut(laid, most or 1, lang)))


def _within(laid: Laid, most: int | None) -> list[Page] | None:
    """All of it in at most so many messages, or None."""
    flowing = paged(laid)
    if len(flowing) > 1 and any(passage.fresh for passage in laid):
        clean = paged(laid, clean=True)
        if most is None or len(clean) <= most:
            return clean
    return flowing if most is None or len(flowing) <= most else None


def _cut(laid: Laid, most: int, lang: Lang) -> Laid:
    """Lists without their last items; if that is not enough, all of it without its end."""
    spares = [(passage.spare, at) for at, passage in enumerate(laid) if passage.spare]
    for spare, at in sorted(spares, key=lambda found: (found[0].rank, -found[1])):
        shorter = [
            [*laid[:at], _without(laid[at], spare, keep, lang), *laid[at + 1 :]]
            for keep in range(spare.stop - spare.start)
        ]
        longest = _longest(shorter, most)
        if longest is not None:
            return longest
        laid = shorter[0]
    return _longest(_beginnings(laid), most) or laid


def _longest(choices: Sequence[Laid], most: int) -> Laid | None:
    """The last of these, each longer than the one before, that fits."""
    end = bisect_left(choices, True, key=lambda laid: len(paged(laid)) > most)
    return choices[end - 1] if end else None


def _without(passage: Passage, spare: Spare, keep: int, lang: Lang) -> Passage:
    """The passage with `keep` of its spare atoms, and a word on the others."""
    end = spare.start + keep
    missing = passage.atoms[end : spare.stop]
    left_out = sum(atom.gap in (BREAK, BLANK) for atom in missing)
    said = piece(say("telegram.left_out", lang, n=left_out)) if spare.counted else _MORE
    gap = missing[0].gap if keep == 0 else BREAK if spare.counted else " "
    note = Atom(said, gap, missing[0].wrap)
    return replace(passage, atoms=(*passage.atoms[:end], note, *passage.atoms[spare.stop :]))


def _beginnings(laid: Laid) -> list[Laid]:
    """Beginnings of it as one passage with all keys, the shortest first."""
    atoms = tuple(atom for passage in laid for atom in passage.atoms)
    rows = tuple(row for passage in laid for row in passage.rows)
    numbers = tuple(key for passage in laid for key in passage.numbers)
    return [
        [Passage((*atoms[:end], Atom(_MORE, BREAK)), rows, numbers)] for end in range(len(atoms))
    ]
