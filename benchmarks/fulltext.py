"""What reading papers' whole texts costs.

    python benchmarks/fulltext.py paper.pdf another.pdf page.html

For each of arXiv's HTML pages: its size in KB, the sections and characters found in it, and the
milliseconds of reading it. For each PDF: the milliseconds of pdfium's own plain text, of
reading what stands where, and of making sections of it; and how many times the plain text the
last two take together. All in this process, the best of several.
"""

import argparse
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter

from jobs.fulltext.html import read as read_html
from jobs.fulltext.pdf.assembly import text_of_pages
from jobs.fulltext.pdf.limits import PdfLimits
from jobs.fulltext.pdf.opening import pages_of
from storage.models import FullText, PaperId

PAPER = PaperId("2602.00001")
TIMES = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("papers", type=Path, nargs="+")
    papers = parser.parse_args().papers
    if pages := [path for path in papers if path.suffix == ".html"]:
        print(f"{'':40}    KB  sections  characters     ms")
        for path in pages:
            print(html_line(path.name, path.read_bytes()))
    if pdfs := [path for path in papers if path.suffix != ".html"]:
        print(f"{'':40} plain  read  text  ratio")
        for path in pdfs:
            print(pdf_line(path.name, path.read_bytes()))


def html_line(name: str, page: bytes) -> str:
    """One HTML page's figures."""
    text = html_text(page)
    taken = best(lambda: html_text(page))
    sizes = f"{len(page) // 1000:5} {len(text.sections):9} {text.characters:11}"
    return f"{name[:40]:40} {sizes} {taken:6.1f}"


def html_text(page: bytes) -> FullText:
    """The page, read."""
    return read_html(page, PAPER, 1, base_url="https://arxiv.org/html/2602.00001v1")


def pdf_line(name: str, content: bytes) -> str:
    """One PDF's figures."""
    opened = pages_of(content, PdfLimits())
    plain = best(lambda: plain_text(content))
    read = best(lambda: pages_of(content, PdfLimits()))
    text = best(lambda: text_of_pages(opened.pages, PAPER, 1, total=opened.total))
    ratio = (read + text) / plain
    return f"{name[:40]:40} {plain:5.1f} {read:5.1f} {text:5.1f}  {ratio:.1f}"


def plain_text(content: bytes) -> None:
    """The text as pdfium gives it, all pages."""
    import pypdfium2  # noqa: PLC0415 -- as elsewhere, loaded where it is used

    with closing(pypdfium2.PdfDocument(content)) as document:
        for index in range(len(document)):
            with closing(document[index]) as page, closing(page.get_textpage()) as text:
                text.get_text_range()


def best(work: Callable[[], object]) -> float:
    """The least milliseconds of several tries."""
    taken = []
    for _ in range(TIMES):
        started = perf_counter()
        work()
        taken.append(perf_counter() - started)
    return 1000 * min(taken)


if __name__ == "__main__":
    main()
