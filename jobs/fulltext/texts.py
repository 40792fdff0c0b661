"""Full texts from arXiv: its HTML, else the PDF, else the abstract, which says why.

Only arXiv, or the mirror that is set, is asked; `jobs.web` keeps its pace and follows no
redirect away from it.
"""

from functools import partial
from http import HTTPStatus

import structlog

from jobs.fulltext.pdf import Cause, PdfLimits, Unreadable, read_pdf
from jobs.ports import Progress, SourceError, Stage, Tell
from jobs.web import Answer, Web
from storage.models import FullText, Paper

MOST_HTML = 24 * 1024 * 1024
"""Bytes of a page; the longest have about ten million."""

log = structlog.get_logger()


class ArxivTexts:
    """The TextReader that asks arXiv. `site` is its address, without a slash at its end."""

    def __init__(self, web: Web, site: str, limits: PdfLimits) -> None:
        self._web = web
        self._site = site
        self._limits = limits

    async def read(self, paper: Paper, tell: Tell) -> FullText:
        """The text of this version. Raises SourceError or RetryLater."""
        tell(Progress(Stage.FETCHING))
        found = await self._html(paper)
        if found is not None:
            return found
        try:
            return await self._pdf(paper, tell)
        except Unreadable as error:
            log.info("PDF not read", paper=paper.id, cause=str(error.cause))
            return FullText.of_abstract(paper, error.cause)

    async def _html(self, paper: Paper) -> FullText | None:
        """The page's text; None where there is no page, or none that can be used."""
        url = f"{self._site}/html/{paper.id}v{paper.version}"
        try:
            return await self._web.get(url, partial(_page, paper=paper, url=url), most=MOST_HTML)
        except SourceError as error:
            if error.cause not in ("too-large", "foreign-page"):
                raise
            log.info("HTML not used", paper=paper.id, cause=error.cause)
            return None

    async def _pdf(self, paper: Paper, tell: Tell) -> FullText:
        url = f"{self._site}/pdf/{paper.id}v{paper.version}"
        try:
            content = await self._web.get(url, _document, most=self._limits.file)
        except SourceError as error:
            if error.cause != "too-large":
                raise
            raise Unreadable(Cause.TOO_LARGE) from error
        if content is None:
            return FullText.of_abstract(paper, "no_text")
        tell(Progress(Stage.READING))
        return await read_pdf(content, paper.id, paper.version, self._limits)


class AbstractsOnly:
    """The TextReader of a paperround without a network: it has nothing beyond the abstracts."""

    async def read(self, paper: Paper, tell: Tell) -> FullText:
        """The abstract."""
        tell(Progress(Stage.READING))
        return FullText.of_abstract(paper, "no_text")


def _page(answer: Answer, paper: Paper, url: str) -> FullText | None:
    """What stands on the page; None for one that is no paper: then there is the PDF."""
    if answer.status != HTTPStatus.OK:
        return None
    from jobs.fulltext.html import read  # noqa: PLC0415 -- lxml's HTML is heavy

    try:
        return read(answer.content, paper.id, paper.version, base_url=url)
    except SourceError as error:
        log.info("HTML not read", paper=paper.id, reason=str(error))
    except Exception:  # a page unlike any before; there is still the PDF
        log.exception("HTML reader broke", paper=paper.id)
    return None


def _document(answer: Answer) -> bytes | None:
    """The PDF's bytes; None where arXiv has none: it was withdrawn, or has no such version."""
    return answer.content if answer.status == HTTPStatus.OK else None
