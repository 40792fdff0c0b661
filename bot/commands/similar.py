"""/similar: the stored papers that are nearest to one, then arXiv where they are few."""

from collections.abc import Sequence

from bot.commands.asked import Asked
from bot.commands.finding import known_paper
from bot.commands.request import Reply
from bot.commands.searching import SHOWN, search_live
from formatters.compose.replies.analyzing import Neighbour, similar_papers
from jobs.digest import StoredIndex
from jobs.similar import nearest, query_of
from storage import papers
from storage.database import Tx
from storage.models import Paper
from storage.search import all_rows

ENOUGH = 5
"""With so many of its own, arXiv need not be asked."""


async def similar(asked: Asked) -> Reply:
    """Ten papers that are near the named one, and what they share with it."""
    paper = await known_paper(asked)
    stored = await asked.read(_near, paper)
    live: Sequence[Paper] | None = None
    failed = None
    query = query_of(paper)
    if len(stored) < ENOUGH and query is not None:
        known = {paper.id, *(near.paper.id for near in stored)}
        live, failed = await search_live(asked, query, known, SHOWN - len(stored))
    return asked.to_chat(similar_papers(paper, stored, live, failed, asked.frame))


def _near(tx: Tx, paper: Paper) -> list[Neighbour]:
    found = nearest(paper, StoredIndex(tx, all_rows(tx)), SHOWN)
    stored = papers.by_rows(tx, [near.row for near in found])
    return [Neighbour(stored[near.row], near.shared) for near in found if near.row in stored]
