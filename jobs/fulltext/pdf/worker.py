"""The process that reads one PDF: bytes on its input, a text or a cause on its output.

Started by `reading`, with the limits as its arguments; it bounds itself before it looks at
the first byte.
"""

import resource
import sys
from collections.abc import Sequence
from math import ceil

from jobs.fulltext.pdf.assembly import text_of_pages
from jobs.fulltext.pdf.limits import Cause, PdfLimits, Unreadable
from jobs.fulltext.pdf.opening import pages_of
from jobs.fulltext.pdf.wire import refused, told
from jobs.screening import screened
from storage.models.papers import PaperId


def main(given: Sequence[str]) -> None:
    """Read standard input and answer on standard output; `given`: paper, version, limits."""
    paper, version, *spelled = given
    limits = PdfLimits.from_arguments(spelled)
    bound(limits)
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read(), PaperId(paper), int(version), limits))


def answer(content: bytes, paper: PaperId, version: int, limits: PdfLimits) -> bytes:
    """The text, or why there is none."""
    try:
        read = pages_of(content, limits)
        if not any(page.runs for page in read.pages):
            pictured = any(page.images for page in read.pages)
            return refused(Cause.SCANNED if pictured else Cause.EMPTY)
        text = text_of_pages(read.pages, paper, version, total=read.total, cut_off=read.cut_off)
        return told(screened(text))
    except Unreadable as error:
        return refused(error.cause)
    except MemoryError:
        return refused(Cause.TOO_MUCH_MEMORY)


def bound(limits: PdfLimits) -> None:
    """No more memory and time than `limits`; no files, no image of a crash."""
    seconds = ceil(limits.seconds)
    for kind, soft, hard in (
        (resource.RLIMIT_AS, limits.memory, limits.memory),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(kind, (soft, hard))


if __name__ == "__main__":
    main(sys.argv[1:])
