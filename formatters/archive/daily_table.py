"""One day as a table: title, first author, PDF, abstract."""

from collections.abc import Collection, Sequence
from datetime import date

from formatters.archive.cells import abstract, left_out, papers_counted, pdf_of, titles
from formatters.archive.entries import Entry
from formatters.catalogue import say
from formatters.compose.cards import Frame
from formatters.document import Document, Grid, Inline, Span, Title, plain
from formatters.markdown import markdown
from formatters.text import byline
from storage.models import PaperId


def daily_table(
    day: date,
    entries: Sequence[Entry],
    frame: Frame,
    *,
    most: int | None = None,
    brief: Collection[PaperId] = (),
) -> str:
    """The day's papers in their order as a Markdown file; of more than `most` the rest is counted.

    A title cell has the translated title and the original one. Of the papers in `brief` there
    is only the link.
    """
    lang = frame.lang
    shown = entries[:most]
    names = ("title", "author", "pdf", "abstract")
    header = tuple(plain(say(f"table.{name}", lang)) for name in names)
    grid = Grid(header, tuple(_row(entry, frame, brief) for entry in shown))
    blocks = (
        Title(plain(f"arXiv {day.isoformat()}")),
        papers_counted(len(entries), lang),
        *((grid,) if shown else ()),
        *left_out(len(entries) - len(shown), lang),
    )
    return markdown(Document(blocks), lang)


def _row(entry: Entry, frame: Frame, brief: Collection[PaperId]) -> tuple[Inline, ...]:
    link = (Span("PDF", href=pdf_of(entry.paper, frame)),)
    if entry.paper.id in brief:
        return (), (), link, ()
    author = plain(byline(entry.paper.authors, frame.lang, limit=1))
    return titles(entry), author, link, abstract(entry, frame.lang)
