"""An analysis as a paper's page shows it."""

from dataclasses import dataclass

from formatters.archive.entries import Entry
from formatters.compose.analysis.chapters import chapters
from formatters.compose.analysis.remarks import remarks
from formatters.compose.analysis.words import ChapterName
from formatters.compose.cards import Frame
from formatters.document import Block, Document, Heading, plain
from formatters.html import fragment
from formatters.site.items import Link, bare
from formatters.text.addresses import web_address
from storage.models import Lang

_NOT_REPEATED = (ChapterName.ABSTRACT, ChapterName.LINKS)
"""Chapters that the page has places of its own for."""


@dataclass(frozen=True, slots=True)
class AnalysisView:
    """All of it, in the order in which it is read."""

    chapters: str
    """HTML, below a heading of the second level."""
    remarks: str
    """HTML: how much of the paper was read and by whom."""
    links: tuple[Link, ...]
    """What the paper names and the page has not."""


def analysis_view(entry: Entry, lang: Lang, arxiv: str) -> AnalysisView | None:
    """What there is for a page in `lang`."""
    from markupsafe import Markup  # noqa: PLC0415 -- comes with the templates

    analysis = entry.analysis
    if analysis is None:
        return None
    blocks: list[Block] = []
    for chapter in chapters(analysis, entry.paper, Frame(lang, arxiv)):
        if chapter.name not in _NOT_REPEATED:
            blocks += [Heading(plain(chapter.label)), *chapter.document.blocks]
    read = Document(remarks(analysis, lang))
    return AnalysisView(
        chapters=Markup(fragment(Document(tuple(blocks)), lang, top=2)),  # noqa: S704 -- escaped
        remarks=Markup(fragment(read, lang, top=2)),  # noqa: S704 -- likewise
        links=tuple(
            Link(bare(address), address)
            for named in analysis.links
            if named not in (*entry.code, *entry.project) and (address := web_address(named))
        ),
    )
