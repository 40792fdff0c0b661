"""One day as a report: executive summary, contents, and each paper at length."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from formatters.archive.cells import (
    abstract,
    left_out,
    linked,
    page_of,
    papers_counted,
    pdf_of,
    title_of,
    titles,
    translated_title,
)
from formatters.archive.entries import Entry
from formatters.catalogue import say
from formatters.compose.analysis.chapters import chapters
from formatters.compose.analysis.remarks import remarks
from formatters.compose.analysis.words import ChapterName
from formatters.compose.cards import BUILT_IN, Frame, kind_label
from formatters.document import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Inline,
    Span,
    Text,
    Title,
    plain,
)
from formatters.markdown import markdown
from formatters.text import readable
from storage.models import Analysis, Lang, Paper, PaperId

_NOT_REPEATED = (ChapterName.ABSTRACT, ChapterName.LINKS)
"""Chapters of an analysis that a report has places of its own for."""


def report(
    day: date,
    entries: Sequence[Entry],
    frame: Frame,
    *,
    summary: Sequence[Block] = (),
    most: int | None = None,
    brief: Collection[PaperId] = (),
) -> str:
    """The day's papers in their order as a Markdown file; of more than `most` the rest is counted.

    `summary` is the executive summary; its headings are set below its own. Of the papers in
    `brief` there is only the heading.
    """
    lang = frame.lang
    shown = entries[:most]
    blocks: list[Block] = [
        Title(plain(say("report.title", lang, day=day.isoformat()))),
        papers_counted(len(entries), lang),
        *left_out(len(entries) - len(shown), lang),
    ]
    if summary:
        blocks += [Heading(plain(say("report.summary", lang))), *_below(summary, 1)]
    if shown:
        blocks.append(Heading(plain(say("report.papers", lang)), anchor="papers"))
    for entry in shown:
        blocks.append(_title(entry, frame))
        if entry.paper.id not in brief:
            blocks += _paper(entry, frame)
    return markdown(Document(tuple(blocks)), lang)


def _title(entry: Entry, frame: Frame) -> Heading:
    name = f"{entry.paper.id}v{entry.paper.version}".replace("/", "-")
    return Heading((titles(entry, page_of(entry.paper, frame))[0],), level=2, anchor=name)


def _paper(entry: Entry, frame: Frame) -> Iterator[Block]:
    lang = frame.lang
    if translated_title(entry):
        yield Text(plain(title_of(entry)))
    yield Facts(tuple(_facts(entry, lang)))
    yield _heading("abstract", lang)
    yield Text(abstract(entry, lang))
    if entry.analysis is not None:
        yield _heading("analysis", lang)
        yield from _analysis(entry.analysis, entry.paper, frame)
    if entry.summary is not None and entry.summary.findings:
        quoted = entry.summary.engine == BUILT_IN and lang is not Lang.EN
        yield _heading("findings_original" if quoted else "findings", lang)
        yield Bullets(tuple(linked(readable(finding)) for finding in entry.summary.findings))
    yield _heading("links", lang)
    yield Bullets(tuple(_links(entry, frame)))


def _analysis(analysis: Analysis, paper: Paper, frame: Frame) -> Iterator[Block]:
    """How much was read and by whom, then the chapters."""
    yield from remarks(analysis, frame.lang)
    for chapter in chapters(analysis, paper, frame):
        if chapter.name not in _NOT_REPEATED:
            yield Heading(plain(chapter.label), level=4)
            yield from _below(chapter.document.blocks, 3)


def _facts(entry: Entry, lang: Lang) -> Iterator[tuple[str, Inline]]:
    """Authors, dates, categories; what is not known is left out."""
    paper = entry.paper
    authors = say("card.between_authors", lang).join(map(readable, paper.authors))
    if authors:
        yield say("report.authors", lang), plain(authors)
    if paper.published is not None:
        yield say("report.published", lang), plain(paper.published.date().isoformat())
    kind = kind_label(entry.kind, paper.version, lang)
    yield say("report.announced", lang), plain(f"{entry.day.isoformat()} · {kind}")
    yield say("report.categories", lang), plain(", ".join(paper.categories))


def _links(entry: Entry, frame: Frame) -> Iterator[Inline]:
    """PDF, arXiv's page, code, project pages."""
    yield (Span("PDF", href=pdf_of(entry.paper, frame)),)
    yield (Span("arXiv", href=page_of(entry.paper, frame)),)
    named = [("card.code", entry.code), ("report.project", entry.project)]
    for key, addresses in named:
        for address in addresses:
            yield (Span(say(key, frame.lang)), Span(" · "), Span(address, href=address))
    told = {address for _, addresses in named for address in addresses}
    for address in entry.analysis.links if entry.analysis else ():
        if address not in told:
            yield (Span(address, href=address),)


def _heading(key: str, lang: Lang) -> Heading:
    return Heading(plain(say(f"report.{key}", lang)), level=3)


def _below(blocks: Iterable[Block], level: int) -> Iterator[Block]:
    """The blocks with their headings set under one of a level, none of them in the contents."""
    for block in blocks:
        if isinstance(block, Heading):
            yield replace(block, level=min(block.level + level, 5), anchor="")
        else:
            yield block
