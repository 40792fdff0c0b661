"""PDFs read by a process of their own: bounded, killable, and gone afterwards."""

import asyncio
import os
import signal
import zlib
from pathlib import Path

import pytest
from pdf_press import Press, front, prose
from pdf_texts import ORDER, PAPER

from formatters.catalogue import say
from jobs.fulltext.pdf import Cause, PdfLimits, Unreadable, read_pdf
from jobs.fulltext.pdf.wire import heard, refused, told
from storage.models import Lang
from storage.models.fulltext import (
    Equation,
    Figure,
    FullText,
    Hidden,
    HiddenKind,
    Listing,
    Origin,
    Paragraph,
    Section,
    Table,
)


def paper():
    press = Press()
    front(press)
    press.heading("1 Introduction")
    press.paragraph(prose(60))
    return press


def children():
    """The ids of this process's children, dead ones too."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        found.update(map(int, (task / "children").read_text().split()))
    return found


def environment_of(process):
    return Path(f"/proc/{process}/environ").read_bytes()


async def cause_of(content, limits=None):
    with pytest.raises(Unreadable) as caught:
        await read_pdf(content, PAPER, 1, limits)
    return caught.value.cause


async def test_a_paper_is_read():
    text = await read_pdf(paper().done(), PAPER, 2)
    assert (text.paper, text.version, text.origin) == (PAPER, 2, Origin.PDF)
    assert text.sections[0].passages == (Paragraph(prose(60)),)


async def test_orders_in_plain_sight_are_taken_out_and_told():
    press = paper()
    press.paragraph(ORDER + " " + prose(20))
    text = await read_pdf(press.done(), PAPER, 1)
    assert text.hidden == (Hidden(HiddenKind.INSTRUCTION, ORDER, "1 Introduction"),)
    assert Paragraph(prose(20)) in text.sections[0].passages


async def test_what_is_no_pdf_is_corrupted():
    assert await cause_of(b"no PDF at all") is Cause.CORRUPTED


async def test_nothing_is_corrupted():
    assert await cause_of(b"") is Cause.CORRUPTED


async def test_an_empty_page_is_empty():
    press = Press()
    press.turn()
    assert await cause_of(press.done()) is Cause.EMPTY


async def test_a_file_over_the_limit_is_not_looked_at():
    assert await cause_of(paper().done(), PdfLimits(file=100)) is Cause.TOO_LARGE


async def born_beside(before):
    """The process that was started, once it is at work."""
    while not (born := children() - before):  # noqa: ASYNC110 -- processes send no event
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    return born.pop()


def endless():
    """A page whose program draws for far longer than anyone waits."""
    press = Press()
    press.canvas._code.append("0 0 m 1 1 l S " * 3_000_000)
    return press.done()


async def test_what_takes_too_long_is_ended():
    before = children()
    assert await cause_of(endless(), PdfLimits(seconds=0.6)) is Cause.TOO_SLOW
    assert children() == before


async def test_cancelling_ends_the_process():
    before = children()
    task = asyncio.create_task(read_pdf(endless(), PAPER, 1))
    await born_beside(before)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children() == before


async def test_a_killed_process_is_told():
    before = children()
    task = asyncio.create_task(read_pdf(endless(), PAPER, 1))
    os.kill(await born_beside(before), signal.SIGKILL)
    with pytest.raises(Unreadable) as caught:
        await task
    assert caught.value.cause is Cause.CRASHED
    assert children() == before


def swelling():
    """A few kilobytes that unpack to half a gigabyte."""
    packer = zlib.compressobj(9)
    block = b" " * (1 << 20)
    once = b"".join([*(packer.compress(block) for _ in range(512)), packer.flush()])
    packed = zlib.compress(once, 9)
    stream = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>" % len(packed)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
        stream + b"\nstream\n" + packed + b"\nendstream",
    ]
    body = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(body)
    return body + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer


async def test_memory_is_bounded():
    limits = PdfLimits(memory=300_000_000, seconds=30)
    assert await cause_of(swelling(), limits) is Cause.TOO_MUCH_MEMORY


async def test_pages_that_a_file_only_claims_to_have_cost_nothing():
    honest = paper().done()
    boasting = honest.replace(b"/Count 1 ", b"/Count 99999999 ")
    assert boasting != honest
    text = await read_pdf(boasting, PAPER, 1, PdfLimits(pages=50, seconds=20))
    assert text.sections[0].title == "Introduction"


async def test_the_process_has_no_secrets(monkeypatch):
    monkeypatch.setenv("PAPERROUND_EXAMPLE_KEY", "sesame")
    before = children()
    task = asyncio.create_task(read_pdf(endless(), PAPER, 1))
    environment = environment_of(await born_beside(before))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert b"PYTHONPATH" in environment
    assert b"sesame" not in environment


EVERYTHING = FullText(
    PAPER,
    3,
    Origin.PDF,
    (
        Section(
            "Método 方法",
            "A.1",
            2,
            (
                Paragraph("a \u2028 text"),
                Equation("x", "1"),
                Table("| a |", "Table 1", "c"),
                Figure("c", "Figure 1"),
                Listing("code\nlines", "Listing 1", "c"),
                Listing("code"),
            ),
            appendix=True,
        ),
    ),
    "abstract",
    ("one", "two"),
    ("https://example.org",),
    (Hidden(HiddenKind.TINY, "text", "page 3"),),
    7,
    "cut",
)


def test_what_is_told_is_heard():
    assert heard(told(EVERYTHING)) == EVERYTHING


@pytest.mark.parametrize(
    "said", [b"", b"?", b"+", b"+{}", b"+[1", b"-nonsense", b"-\xff", b"+\xff"]
)
def test_an_answer_that_makes_no_sense_is_a_crash(said):
    with pytest.raises(Unreadable) as caught:
        heard(said)
    assert caught.value.cause is Cause.CRASHED


@pytest.mark.parametrize("cause", Cause)
def test_a_cause_is_heard_and_has_words(cause):
    with pytest.raises(Unreadable) as caught:
        heard(refused(cause))
    assert caught.value.cause is cause
    for lang in Lang:
        assert say(f"lacks.{cause}", lang)


def test_limits_are_spelled_and_read():
    limits = PdfLimits(seconds=1.5, memory=2, pages=3, characters=4, file=5)
    assert PdfLimits.from_arguments(limits.spelled()) == limits
