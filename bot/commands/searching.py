"""/search: the stored papers first, then arXiv for what they lack."""

import asyncio
from collections.abc import Collection, Sequence
from functools import cache

from bot.commands.asked import Asked
from bot.commands.request import Reply
from formatters.catalogue import glossary
from formatters.compose.replies.searching import Results, results
from jobs.collect import store_papers
from jobs.digest import StoredIndex
from jobs.matching import evaluate, positive_texts
from jobs.ports import RetryLater, SourceError
from jobs.presets import Presets
from jobs.topics import TopicError, parse
from jobs.topics.translate import Vocabulary
from storage import papers
from storage.database import Tx
from storage.errors import UserError
from storage.models import Paper, PaperId, Topic
from storage.search import all_rows
from storage.syntax import Node

SHOWN = 10
SCORED = 500
"""Only so many of the newest matches are compared by their words."""
PATIENCE_SECONDS = 30.0
"""How long somebody who searches waits for arXiv."""


async def search(asked: Asked) -> Reply:
    """Ten papers for a query: stored ones, and when they are fewer, arXiv's own search."""
    if not asked.argument:
        raise UserError("search.missing")
    topic = read_query(asked.argument)
    node = topic.node
    stored, total = await asked.read(search_stored, node)
    live, failed = None, None
    if len(stored) < SHOWN:
        live, failed = await _live(asked, node, stored)
    found = Results(
        query=topic.text,
        english=topic.english,
        stored=stored,
        stored_total=total,
        live=live,
        failed=failed,
    )
    return asked.to_chat(results(found, asked.frame))


def read_query(text: str) -> Topic:
    """The query by its words: `flow matching` is meant as such, and in all of arXiv.

    Only what the glossary has no English for may still be a preset's name. Raises TopicError.
    """
    try:
        return parse(text, default_categories=(), vocabulary=_words_alone())
    except TopicError as error:
        if error.key != "topic.unknown-chinese":
            raise
        return parse(text, default_categories=())


@cache
def _words_alone() -> Vocabulary:
    """The glossary without the presets."""
    return Vocabulary(Presets(()), glossary())


def search_stored(tx: Tx, node: Node) -> tuple[list[Paper], int]:
    """The best of the stored papers that the tree holds for, and how many there are."""
    index = StoredIndex(tx, all_rows(tx))
    rows = evaluate(node, index.rows, index.universe)
    newest = papers.newest_rows(tx, rows, SCORED)
    scores = index.scores(positive_texts(node), newest)
    best = sorted(newest, key=lambda row: -scores.get(row, 0.0))[:SHOWN]
    found = papers.by_rows(tx, best)
    return [found[row] for row in best], len(rows)


async def _live(
    asked: Asked, node: Node, stored: Sequence[Paper]
) -> tuple[list[Paper] | None, str | None]:
    """What arXiv adds; a tree that its syntax can't say is answered by what is stored."""
    try:
        return await search_live(asked, node, {p.id for p in stored}, SHOWN - len(stored))
    except UserError:
        if not stored:
            raise
        return None, None


async def search_live(
    asked: Asked, node: Node, known: Collection[PaperId], most: int
) -> tuple[list[Paper] | None, str | None]:
    """What arXiv finds beside the known papers, stored; or the cause why it could not be asked.

    Raises UserError for a tree that arXiv's syntax can't say.
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            found = await asked.context.source.search(node, limit=2 * SHOWN, newest_first=False)
    except (SourceError, RetryLater) as error:
        return None, error.cause
    except TimeoutError:
        return None, "unreachable"
    added = [paper for paper in found if paper.id not in known][:most]
    await store_papers(asked.context.db, added)
    return added, None
