"""Passages in posts within Slack's limits: whole in as many as it takes, or cut to one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from formatters.catalogue import say
from formatters.document import Document
from formatters.slack.blocks import Brick, Faint, Row, bricks, rows
from formatters.slack.fallback import fallback
from formatters.slack.papers import Detail
from formatters.slack.passages import Passage, passages, together
from formatters.slack.post import Json, Post
from formatters.slack.taps import numbered
from storage.models import Lang


@dataclass(frozen=True, slots=True)
class Room:
    """What fits at most."""

    blocks: int
    size: int

    def holds(self, found: Sequence[Brick]) -> bool:
        """Whether it has room for these."""
        return len(found) <= self.blocks and sum([b.size for b in found]) <= self.size


MESSAGE = Room(blocks=40, size=9_000)
"""Slack refuses more than 50 blocks, and somewhere beyond 9,600 characters over all of them."""
CARD = Room(blocks=36, size=5_500)
"""A card, so that a message has room for what stands around it."""
HOME = Room(blocks=100, size=30_000)
_SMALL = 500
"""The size of blocks between which a text may be cut."""
_BUTTONS_TOGETHER = 25
_MOST_BUTTONS = 50


def posts(document: Document, lang: Lang = Lang.EN) -> list[Post]:
    """The document whole, in as many posts as it takes."""
    laid = [_bricks(passage) for passage in passages(document, Detail.WHOLE, lang)]
    return [finished(page) for page in _paged(laid)]


def one_post(document: Document, lang: Lang = Lang.EN) -> Post:
    """The document in one post, to stand in another one's place."""
    return within(MESSAGE, document, lang)


def within(room: Room, document: Document, lang: Lang = Lang.EN) -> Post:
    """The document in one post of at most that size."""
    return finished(_fitted(document, lang, room))


def home(document: Document, lang: Lang = Lang.EN) -> tuple[Json, ...]:
    """The document as the blocks of a Home tab."""
    return numbered(brick.block for brick in _fitted(document, lang, HOME))


def finished(page: Iterable[Brick]) -> Post:
    """A post of these blocks."""
    found = list(page)
    blocks = numbered(brick.block for brick in found)
    return Post(fallback("\n".join(brick.said for brick in found if brick.said)), blocks)


def _fitted(document: Document, lang: Lang, room: Room) -> list[Brick]:
    """The document in as much detail as there is room for."""
    laid: Sequence[Passage] = ()
    for detail in Detail:
        laid = passages(document, detail, lang)
        whole = [brick for passage in laid for brick in _bricks(passage)]
        if room.holds(whole):
            return whole or bricks(Faint(("…",)))
    return _cut(laid, lang, room)


def _paged(laid: Iterable[list[Brick]]) -> list[list[Brick]]:
    """The passages in pages; only what is too large for any is spread."""
    pages: list[list[Brick]] = []
    for passage in laid:
        if pages and MESSAGE.holds([*pages[-1], *passage]):
            pages[-1] += passage
        elif MESSAGE.holds(passage):
            pages.append(list(passage))
        else:
            _spread(passage, pages)
    return pages


def _spread(passage: Iterable[Brick], pages: list[list[Brick]]) -> None:
    for brick in passage:
        if pages and MESSAGE.holds([*pages[-1], brick]):
            pages[-1].append(brick)
        else:
            pages.append([brick])


def _cut(laid: Iterable[Passage], lang: Lang, room: Room) -> list[Brick]:
    """All of it close together, the buttons at the end; the text's end left out if need be."""
    strips = [strip for passage in laid for strip in passage]
    buttons = [button for strip in strips if isinstance(strip, Row) for button in strip.buttons]
    below = rows(buttons[:_MOST_BUTTONS], _BUTTONS_TOGETHER)
    texts = together(strip for strip in strips if not isinstance(strip, Row))
    told = [brick for strip in texts for brick in bricks(strip, _SMALL)]
    if room.holds([*told, *below]):
        return [*told, *below]
    note = bricks(Faint((say("slack.cut", lang),)))
    kept = told[: room.blocks]
    while not room.holds([*kept, *note, *below]):
        kept.pop()
    return [*kept, *note, *below]


def _bricks(passage: Passage) -> list[Brick]:
    return [brick for strip in passage for brick in bricks(strip)]
