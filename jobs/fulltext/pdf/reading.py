"""A PDF read by a process of its own, which is gone when its answer is there, or not wanted."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

from jobs.fulltext.pdf.limits import Cause, PdfLimits, Unreadable
from jobs.fulltext.pdf.wire import heard
from storage.models.fulltext import FullText
from storage.models.papers import PaperId

_ROOT = Path(__file__).resolve().parents[3]
_SIGN_BYTES, _FRAME_BYTES = 8, 1_000_000
"""The longest answer: per character of the text, and around it."""
_CHUNK = 1 << 16


async def read_pdf(
    content: bytes, paper: PaperId, version: int, limits: PdfLimits | None = None
) -> FullText:
    """The text of a PDF; Unreadable with the cause where there is none.

    Nothing of the PDF is run in this process; the one that reads it has no secrets, and ends
    with this call however it ends.
    """
    limits = limits or PdfLimits()
    if len(content) > limits.file:
        raise Unreadable(Cause.TOO_LARGE)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-sP",
        "-m",
        "jobs.fulltext.pdf.worker",
        paper,
        str(version),
        *limits.spelled(),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=os.sep,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(limits.seconds):
            most = _SIGN_BYTES * limits.characters + _FRAME_BYTES
            _, answer = await asyncio.gather(_tell(process, content), _listen(process, most))
            await process.wait()
    except TimeoutError as error:
        raise Unreadable(Cause.TOO_SLOW) from error
    finally:
        await _end(process)
    if process.returncode:
        raise Unreadable(_fate(process.returncode))
    return await asyncio.to_thread(heard, answer)


async def _tell(process: Process, content: bytes) -> None:
    """All of the PDF, or as much as a process takes that may be gone."""
    if process.stdin is None:
        raise Unreadable(Cause.CRASHED)
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(content)
        await process.stdin.drain()
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.close()
        await process.stdin.wait_closed()


async def _listen(process: Process, most: int) -> bytes:
    """The whole answer; one that never ends is none."""
    if process.stdout is None:
        raise Unreadable(Cause.CRASHED)
    parts: list[bytes] = []
    while part := await process.stdout.read(_CHUNK):
        parts.append(part)
        most -= len(part)
        if most < 0:
            raise Unreadable(Cause.CRASHED)
    return b"".join(parts)


async def _end(process: Process) -> None:
    """No process is left behind, not even a dead one."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _fate(code: int) -> Cause:
    """Why a process ended that gave no answer of its own; pdfium aborts for want of memory."""
    causes = {-signal.SIGXCPU: Cause.TOO_SLOW, -signal.SIGABRT: Cause.TOO_MUCH_MEMORY}
    return causes.get(code, Cause.CRASHED)
