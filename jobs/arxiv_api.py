"""The `arxiv` package at work on our own connection.

The package's `Client`, `Search` and `Result` page and parse; this module gives it pages that
are whole and turns its results into papers. Its one private seam is `Client._session`: the
object that stands there fetches through `jobs.web`, so the package never opens a connection
(a test fails when the seam moves). Imports the package, hence is itself imported late.
"""

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import arxiv
from lxml import etree
from lxml.etree import _Element

from jobs.arxiv_ids import parse_paper_id
from jobs.arxiv_xml import NAMESPACES, feed_root, line
from jobs.ports import SourceError
from jobs.web import Answer, Web
from storage.models import Paper

_UNKNOWN = "0001-01-01T00:00:00Z"
"""Stands for a date that an entry lacks: the package leaves out entries without dates."""


async def results(web: Web, api_url: str, search: arxiv.Search, page_size: int) -> list[Paper]:
    """All papers that `search` finds, in its order, each once; pages of `page_size`.

    The package is synchronous and runs in a thread of its own; its pages are fetched on this
    loop. Raises SourceError and RetryLater.
    """
    loop = asyncio.get_running_loop()
    pages = _Pages(web, loop)
    client = _Client(api_url, page_size, pages)
    # Not the loop's shared pool: `Web.get` reads answers there, and would wait for ever
    # behind as many searches as the pool has threads.
    with ThreadPoolExecutor(1, "arxiv") as thread:
        try:
            return await loop.run_in_executor(thread, _papers, client, search)
        finally:
            pages.cancel()


def to_paper(result: arxiv.Result) -> Paper:
    """A result as a paper; everything but the id may be missing."""
    found = parse_paper_id(result.entry_id)
    if found is None:
        raise SourceError("foreign-page", f"an entry that is no paper: {result.entry_id}")
    categories = dict.fromkeys(filter(None, (result.primary_category, *result.categories)))
    names = (line(author.name) for author in result.authors)
    return Paper(
        id=found[0],
        version=found[1] or 1,
        title=line(result.title),
        abstract=line(result.summary),
        authors=tuple(name for name in names if name),
        primary_category=next(iter(categories), ""),
        categories=tuple(categories),
        published=_known(result.published),
        updated=_known(result.updated),
        comment=line(result.comment) or None,
        journal_ref=line(result.journal_ref) or None,
        doi=line(result.doi) or None,
    )


def checked_page(answer: Answer, start: int) -> tuple[bytes, int, int]:
    """The page as the package may see it, its number of entries and the total it states.

    Raises SourceError: `error-entry` when arXiv reports a mistake (it does so in the shape of
    a result), `foreign-page` or `truncated` when this is not the page that begins at `start`.
    """
    root = feed_root(answer)
    entries = root.findall("atom:entry", NAMESPACES)
    for entry in entries:
        _check_entry(entry)
    if answer.status != HTTPStatus.OK:
        raise SourceError("foreign-page", f"status {answer.status}")
    total = _number(root, "totalResults")
    if total is None:
        raise SourceError("foreign-page", "a feed without totalResults")
    if _number(root, "startIndex") not in (start, None):
        raise SourceError("foreign-page", f"not the page that begins at {start}")
    if entries and start + len(entries) > total:
        raise SourceError("truncated", f"{len(entries)} entries from {start}, but {total} in all")
    return etree.tostring(root), len(entries), total


@dataclass(frozen=True, slots=True)
class _Page:
    """What the package looks at of a response."""

    content: bytes
    status_code: int = HTTPStatus.OK


class _Pages:
    """Stands where the package keeps its `requests.Session`; `get` is all that it calls."""

    def __init__(self, web: Web, loop: asyncio.AbstractEventLoop) -> None:
        self._web = web
        self._loop = loop
        self._under_way: Future[_Page] | None = None
        self._cancelled = False
        self._total = 0

    def get(self, url: str, headers: object = None) -> _Page:
        """Called in the package's thread; waits there for a page fetched on the loop."""
        del headers  # the package's own user agent
        start = int(parse_qs(urlsplit(url).query)["start"][0])
        request = self._web.get(url, lambda answer: self._read(answer, start))
        self._under_way = asyncio.run_coroutine_threadsafe(request, self._loop)
        if self._cancelled:
            self._under_way.cancel()
        return self._under_way.result()

    def cancel(self) -> None:
        """Let the thread end: whoever asked no longer waits."""
        self._cancelled = True
        if self._under_way:
            self._under_way.cancel()

    def _read(self, answer: Answer, start: int) -> _Page:
        content, entries, total = checked_page(answer, start)
        # An empty page may state a total of 0 as well: the first one's word is kept.
        self._total = max(self._total, total)
        if not entries and start < self._total:
            raise SourceError("truncated", f"an empty page at {start} of {self._total}")
        return _Page(content)


class _Client(arxiv.Client):
    """The package's client without its own delays, retries and connection."""

    def __init__(self, api_url: str, page_size: int, pages: _Pages) -> None:
        super().__init__(page_size=page_size, delay_seconds=0, num_retries=0)
        self.query_url_format = api_url + "?{}"
        self._session = cast("Any", pages)


def _papers(client: arxiv.Client, search: arxiv.Search) -> list[Paper]:
    try:
        found = [to_paper(result) for result in client.results(search)]
    except (arxiv.ArxivError, ValueError) as error:
        raise SourceError("foreign-page", str(error)) from error
    return list({paper.id: paper for paper in found}.values())


def _check_entry(entry: _Element) -> None:
    """Refuse what is no paper, and complete what the package would silently leave out."""
    entry_id = line(entry.findtext("atom:id", None, NAMESPACES))
    if "/api/errors" in entry_id:
        raise SourceError("error-entry", line(entry.findtext("atom:summary", None, NAMESPACES)))
    if parse_paper_id(entry_id) is None:
        raise SourceError("foreign-page", f"an entry that is no paper: {entry_id}")
    for name in ("published", "updated"):
        if not line(entry.findtext(f"atom:{name}", None, NAMESPACES)):
            etree.SubElement(entry, f"{{{NAMESPACES['atom']}}}{name}").text = _UNKNOWN


def _number(root: _Element, name: str) -> int | None:
    text = line(root.findtext(f"opensearch:{name}", None, NAMESPACES))
    return int(text) if text.isdecimal() else None


def _known(moment: datetime) -> datetime | None:
    return None if moment.year == 1 else moment
