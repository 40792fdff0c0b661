"""arXiv as a `PaperSource`: what to ask for, in how many requests, and how often again.

Fetching is `jobs.web`'s, reading feeds `jobs.arxiv_feed`'s, paging `jobs.arxiv_api`'s. Keeps
no state but the client: what was seen before is the caller's to know. Heavy to import (lxml,
the arxiv package), so it is imported only when a source is made.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from http import HTTPStatus
from urllib.parse import quote

import arxiv

from jobs.arxiv_api import results
from jobs.arxiv_feed import FULL, merged, read_feed
from jobs.arxiv_query import submitted_within, to_arxiv
from jobs.ports import Feed, SourceError, Validators
from jobs.web import Answer, Web
from storage.models import Paper, PaperId
from storage.syntax import Node, PaperRef

_BATCH = 200
"""Ids in one request: a morning of 200 papers costs one beside the feed."""
_SLICE = 500
_MOST = 30_000
"""arXiv answers 400 beyond (info.arxiv.org/help/api/user-manual §3.1.1)."""


class ArxivSource:
    """The live arXiv, or a mirror of it; implements `jobs.ports.PaperSource`."""

    def __init__(
        self,
        web: Web,
        *,
        api_url: str = "https://export.arxiv.org/api/query",
        feed_url: str = "https://rss.arxiv.org",
    ) -> None:
        self._web = web
        self._api_url = api_url
        self._feed_url = feed_url.rstrip("/")

    @property
    def requests(self) -> int:
        """Requests made so far by this process."""
        return self._web.requests

    async def announcements(
        self, categories: Sequence[str], known: Validators | None = None
    ) -> Feed | None:
        """The current announcement in `categories` (`cs.*` is the whole archive).

        One conditional request; None: unchanged since `known`. A feed that is nearly full may
        have lost papers: its categories are then asked for in halves.
        """
        wanted = list(dict.fromkeys(each.removesuffix(".*") for each in categories))
        if not wanted:
            raise SourceError("bad-category", "no category asked for")
        path = "+".join(quote(each) for each in wanted)
        # RSS rather than Atom: it states its day even on a day without papers.
        feed = await self._web.get(
            f"{self._feed_url}/rss/{path}", partial(_feed, known=known), known=known
        )
        if feed is None or len(feed.items) < FULL or len(wanted) == 1:
            return feed
        middle = len(wanted) // 2
        halves = [await self.announcements(half) for half in (wanted[:middle], wanted[middle:])]
        return merged([feed, *(half for half in halves if half)])

    async def papers(self, ids: Sequence[PaperId]) -> list[Paper]:
        """Full metadata in the order of `ids`; ids that arXiv does not know are left out."""
        wanted = list(dict.fromkeys(ids))
        found: dict[PaperId, Paper] = {}
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            search = arxiv.Search(id_list=list(batch), max_results=len(batch))
            found |= {paper.id: paper for paper in await self._results(search)}
        return [found[each] for each in wanted if each in found]

    async def search(
        self,
        node: Node,
        *,
        limit: int,
        submitted: tuple[datetime, datetime] | None = None,
        newest_first: bool = True,
    ) -> list[Paper]:
        """Live search, at most `limit` papers (30,000 are arXiv's own most).

        Raises UserError for a tree that arXiv's syntax can't express; a lone id is looked up.
        """
        wanted = min(limit, _MOST)
        if wanted < 1:
            return []
        clauses = [] if isinstance(node, PaperRef) else [to_arxiv(node)]
        if submitted:
            clauses.append(submitted_within(submitted))
        by = arxiv.SortCriterion
        return await self._results(
            arxiv.Search(
                query=" AND ".join(clauses),
                id_list=[node.paper_id] if isinstance(node, PaperRef) else [],
                max_results=wanted,
                sort_by=by.SubmittedDate if newest_first else by.Relevance,
            )
        )

    async def _results(self, search: arxiv.Search) -> list[Paper]:
        """The results; none is believed only when arXiv says so twice.

        It is known to answer with zero results at times (groups.google.com/g/arxiv-api).
        """
        size = min(search.max_results or _SLICE, _SLICE)
        found = await results(self._web, self._api_url, search, size)
        return found or await results(self._web, self._api_url, search, size)


def _feed(answer: Answer, known: Validators | None) -> Feed | None:
    if answer.status == HTTPStatus.NOT_MODIFIED and known is not None:
        return None
    return read_feed(answer)
