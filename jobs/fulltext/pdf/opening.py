"""A PDF opened by pdfium, page by page, within the limits. Runs in the worker only."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from jobs.fulltext.pdf.drawing import Drawn, drawn
from jobs.fulltext.pdf.geometry import Box, Page, Run
from jobs.fulltext.pdf.limits import Cause, PdfLimits, Unreadable
from jobs.fulltext.pdf.links import clickable
from jobs.fulltext.pdf.typesetting import Typesetting


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's pages as far as they were read."""

    pages: tuple[Page, ...]
    total: int
    """Pages of the file."""
    cut_off: bool
    """The limit of characters was reached."""


def pages_of(content: bytes, limits: PdfLimits) -> Opened:
    """The pages within `limits`; Unreadable where there are none that can be read.

    A single damaged page is left out, as long as one is whole.
    """
    document = _opened(content)
    with closing(document):
        total = len(document)
        if not total:
            raise Unreadable(Cause.EMPTY)
        typesetting = Typesetting(limits.characters)
        pages = tuple(_read(document, min(total, limits.pages), typesetting))
    if not pages:
        raise Unreadable(Cause.CORRUPTED)
    return Opened(pages, total, typesetting.cut_off)


def _opened(content: bytes) -> Any:
    import pypdfium2  # noqa: PLC0415 -- only the worker loads the library
    from pypdfium2 import raw  # noqa: PLC0415 -- as above

    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        raise Unreadable(Cause.ENCRYPTED if locked else Cause.CORRUPTED) from error


def _read(document: Any, count: int, typesetting: Typesetting) -> Iterator[Page]:
    import pypdfium2  # noqa: PLC0415 -- only the worker loads the library

    for index in range(count):
        try:
            page = document[index]
            text = page.get_textpage()
        except pypdfium2.PdfiumError:
            continue
        with closing(page), closing(text):
            runs, seen = tuple(typesetting.runs(text)), drawn(page)
            yield _page(page, index + 1, runs, seen, tuple(clickable(document, page)))
        if typesetting.cut_off:
            return


def _page(
    page: Any, number: int, runs: tuple[Run, ...], seen: Drawn, links: tuple[str, ...]
) -> Page:
    return Page(
        number,
        _frame(page),
        runs,
        seen.images,
        seen.drawings,
        seen.rules,
        seen.fills,
        links,
    )


def _frame(page: Any) -> Box:
    """Where the page's box for media and the one it is cut to overlap."""
    media, crop = Box(*page.get_mediabox()), Box(*page.get_cropbox())
    both = Box(
        max(media.left, crop.left),
        max(media.bottom, crop.bottom),
        min(media.right, crop.right),
        min(media.top, crop.top),
    )
    return both if both.area else media
