"""Pages of characters to a paper's text. Pure: geometry in, sections out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from formatters.text.links import addresses
from jobs.fulltext.pdf.blocks import Block, Body, blocks_of, body_of
from jobs.fulltext.pdf.captions import floats
from jobs.fulltext.pdf.columns import Column, columns
from jobs.fulltext.pdf.geometry import Page
from jobs.fulltext.pdf.headings import headings
from jobs.fulltext.pdf.hyphens import Words
from jobs.fulltext.pdf.lines import pieces
from jobs.fulltext.pdf.margins import without_margins
from jobs.fulltext.pdf.notes import footnotes
from jobs.fulltext.pdf.paragraphs import Flowing
from jobs.fulltext.pdf.parts import Item, Sorted, cut, sort
from jobs.fulltext.pdf.visibility import seen
from storage.models.fulltext import FullText, Origin, Paragraph, Passage, texts_of
from storage.models.papers import PaperId


def text_of_pages(
    pages: Sequence[Page], paper: PaperId, version: int, *, total: int, cut_off: bool = False
) -> FullText:
    """The paper's text; `total` pages has the file, `cut_off`: a page was read in part."""
    looked = [seen(page) for page in pages]
    parts = _read([page for page, _ in looked])
    links = (link for page in pages for link in page.links)
    return FullText(
        paper,
        version,
        Origin.PDF,
        parts.sections,
        abstract=parts.abstract,
        references=parts.references,
        links=tuple(dict.fromkeys((*addresses(_every_text(parts)), *links))),
        hidden=tuple(hidden for _, each in looked for hidden in each),
        pages=total,
        lacks="cut" if cut_off or len(pages) < total else "",
    )


def _read(pages: Sequence[Page]) -> Sorted:
    texts = [pieces(page.runs, page.number) for page in pages]
    laid = columns(pages, without_margins(texts, [page.frame for page in pages]))
    every = [column for page in laid for column in page]
    words = Words(line for column in every for line in column.lines)
    body = body_of(every)
    found = headings(every, body)
    titles = {id(line) for heading in found for line in heading.lines}
    return sort(cut(_stream(pages, laid, titles, body, words), found), body, words)


def _every_text(parts: Sorted) -> str:
    sections = (each for section in parts.sections for each in section.passages)
    said = (text for each in sections for text in texts_of(each))
    return "\n".join((parts.abstract, *said, *parts.references))


def _stream(
    pages: Sequence[Page],
    laid: Sequence[Sequence[Column]],
    titles: set[int],
    body: Body,
    words: Words,
) -> Iterator[Item]:
    """The document's lines in order, with floats and footnotes as passages between them."""
    for page, page_columns in zip(pages, laid, strict=True):
        apart = _apart(page, page_columns, titles, body, words)
        for column in page_columns:
            for line in column.lines:
                if id(line) not in apart:
                    yield Flowing(line, column)
                elif passage := apart[id(line)]:
                    yield passage


def _apart(
    page: Page, page_columns: Sequence[Column], titles: set[int], body: Body, words: Words
) -> dict[int, Passage | None]:
    """The lines that do not run on, by id: the passage where one begins, else nothing."""
    apart: dict[int, Passage | None] = {}
    blocks: list[Block] = []
    for column in page_columns:
        for note in footnotes(column, page.rules, body):
            apart.update(dict.fromkeys(map(id, note)))
            apart[id(note[0])] = Paragraph(words.joined(note))
        rest = tuple(line for line in column.lines if id(line) not in apart)
        blocks.extend(blocks_of(replace(column, lines=rest), page.rules, body))
    for each in floats(page, blocks, titles, body, words):
        apart.update(dict.fromkeys(map(id, each.lines)))
        apart[id(each.first)] = each.passage
    return apart
