"""A paper's text over the wire: the HTML, else the PDF, else the abstract with the reason."""

import io
from datetime import UTC, datetime

import pytest
from arxiv_server import ArxivServer, Fault
from fake_source import study
from fakes import FakeClock
from reportlab.pdfgen.canvas import Canvas

from jobs.fulltext import html
from jobs.fulltext.pdf import PdfLimits
from jobs.fulltext.texts import AbstractsOnly, ArxivTexts
from jobs.ports import RetryLater, SourceError, Stage
from jobs.web import Web
from storage.models import FullText, Origin, texts_of

PAPER = study("2602.06043", version=2)
OLD = study("astro-ph/0601001")
SENTENCE = "The vane turns with the wind, and we measure how soon it does so."
PAGE = f"""<!DOCTYPE html><html lang="en"><body><article class="ltx_document">
<h1 class="ltx_title ltx_title_document">An Invented Study</h1>
<div class="ltx_abstract"><h6 class="ltx_title ltx_title_abstract">Abstract</h6>
<p class="ltx_p">We invent a vane.</p></div>
<section class="ltx_section"><h2 class="ltx_title ltx_title_section">
<span class="ltx_tag ltx_tag_section">1 </span>Vanes</h2>
{"".join(f'<div class="ltx_para"><p class="ltx_p">{n}: {SENTENCE}</p></div>' for n in range(40))}
</section></article></body></html>""".encode()


def pdf(lines: int = 30) -> bytes:
    """A small PDF with a heading and lines of text."""
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(72, 760, "1 Vanes")
    canvas.setFont("Helvetica", 10)
    for number in range(lines):
        canvas.drawString(72, 735 - 12 * number, SENTENCE)
    canvas.save()
    return file.getvalue()


@pytest.fixture
def server():
    with ArxivServer([]) as server:
        yield server


@pytest.fixture
async def texts(server, tmp_path):
    clock = FakeClock(datetime(2026, 2, 6, tzinfo=UTC))
    async with Web(clock=clock, pace_file=tmp_path / "pace", timeout=5) as web:
        yield ArxivTexts(web, server.feed_url, PdfLimits())


async def read(texts: ArxivTexts, paper=PAPER) -> FullText:
    return await texts.read(paper, lambda _: None)


def said(text: FullText) -> str:
    return " ".join(s for section in text.sections for p in section.passages for s in texts_of(p))


async def test_the_page_of_that_version_comes_first(server, texts):
    server.texts |= {"html/2602.06043v2": PAGE, "html/2602.06043v1": b"no", "pdf/2602.06043v2": b""}
    text = await read(texts)
    assert (text.origin, text.version) == (Origin.HTML, 2)
    assert SENTENCE in said(text)
    assert [request.path for request in server.log] == ["/html/2602.06043v2"]


async def test_an_old_id_has_its_slash(server, texts):
    server.texts["html/astro-ph/0601001v1"] = PAGE
    assert (await read(texts, OLD)).origin is Origin.HTML


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(None, id="none"),
        pytest.param(PAGE[: len(PAGE) // 2], id="cut off"),
        pytest.param(b"<html><body>Back soon.</body></html>", id="no paper"),
        pytest.param(b"", id="empty"),
    ],
)
async def test_where_the_page_is_no_paper_the_pdf_is_read(server, texts, page):
    server.texts["pdf/2602.06043v2"] = pdf()
    if page is not None:
        server.texts["html/2602.06043v2"] = page
    steps = []
    text = await texts.read(PAPER, steps.append)
    assert text.origin is Origin.PDF
    assert SENTENCE in said(text)
    assert [step.stage for step in steps] == [Stage.FETCHING, Stage.READING]


async def test_where_reading_the_page_breaks_the_pdf_is_read(server, texts, monkeypatch):
    def broken(*_args, **_named):
        raise RecursionError

    monkeypatch.setattr(html, "read", broken)
    server.texts |= {"html/2602.06043v2": PAGE, "pdf/2602.06043v2": pdf()}
    assert (await read(texts)).origin is Origin.PDF


async def test_a_paper_without_page_and_pdf_has_its_abstract(server, texts):
    text = await read(texts)
    assert (text.origin, text.lacks, text.abstract) == (
        Origin.ABSTRACT,
        "no_text",
        PAPER.abstract,
    )


async def test_a_pdf_that_cannot_be_read_says_why(server, texts):
    server.texts["pdf/2602.06043v2"] = b"%PDF-1.7 and then nothing of the kind"
    text = await read(texts)
    assert (text.origin, text.lacks) == (Origin.ABSTRACT, "corrupted")


async def test_a_pdf_that_is_too_large_is_not_fetched_whole(server, tmp_path):
    server.texts["pdf/2602.06043v2"] = pdf() + b"%" * 100_000
    clock = FakeClock(datetime(2026, 2, 6, tzinfo=UTC))
    async with Web(clock=clock, pace_file=tmp_path / "pace", timeout=5) as web:
        texts = ArxivTexts(web, server.feed_url, PdfLimits(file=50_000))
        text = await read(texts)
    assert (text.origin, text.lacks) == (Origin.ABSTRACT, "too_large")


async def test_a_redirect_to_another_host_is_not_followed(server, texts):
    with ArxivServer([]) as other:
        other.texts["html/2602.06043v2"] = PAGE
        server.fail(Fault.MOVED, on="html", Location=f"{other.feed_url}/html/2602.06043v2")
        server.texts["pdf/2602.06043v2"] = pdf()
        assert (await read(texts)).origin is Origin.PDF
        assert other.log == []


async def test_an_arxiv_that_is_down_is_no_paper_without_text(server, texts):
    server.fail(Fault.OVERLOADED, times=99)
    with pytest.raises(RetryLater):
        await read(texts)
    server.mend()
    server.fail(Fault.FORBIDDEN, times=99)
    with pytest.raises((SourceError, RetryLater)):
        await read(texts)


async def test_without_a_network_there_are_abstracts():
    text = await AbstractsOnly().read(PAPER, lambda _: None)
    assert (text.origin, text.abstract) == (Origin.ABSTRACT, PAPER.abstract)
