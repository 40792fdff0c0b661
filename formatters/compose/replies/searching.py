"""What /search answers: stored papers, then what arXiv adds, and which is which."""

from collections.abc import Sequence
from dataclasses import dataclass

from formatters.catalogue import say
from formatters.compose.cards import Frame
from formatters.compose.replies.words import cause_text, faint, line, paper_line
from formatters.document import Block, Bullets, Document, Heading, Text, Title, plain
from storage.models import Paper


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found, by where it came from."""

    query: str
    english: str | None
    stored: Sequence[Paper]
    stored_total: int
    live: Sequence[Paper] | None
    """None: arXiv was not asked, or did not answer."""
    failed: str | None = None
    """Why arXiv did not answer: a cause."""


def results(found: Results, frame: Frame) -> Document:
    """Both lists, and what is to be known about them."""
    lang = frame.lang
    blocks: list[Block] = [Title(plain(say("search.title", lang, query=found.query)))]
    if found.english is not None:
        blocks.append(faint("search.in_english", lang, query=found.english))
    if found.stored:
        shown, total = len(found.stored), found.stored_total
        blocks.append(Heading(plain(say("search.stored", lang, shown=shown, total=total))))
        blocks.append(Bullets(tuple(paper_line(p, frame) for p in found.stored), start=1))
    if found.live:
        blocks.append(Heading(plain(say("search.live", lang))))
        start = len(found.stored) + 1
        blocks.append(Bullets(tuple(paper_line(p, frame) for p in found.live), start=start))
    if not found.stored and not found.live and found.failed is None:
        blocks.append(line("search.nothing", lang))
    if found.failed is not None:
        blocks.append(faint("search.live_failed", lang))
        blocks.append(Text(plain(cause_text(found.failed, lang))))
    return Document(tuple(blocks))
