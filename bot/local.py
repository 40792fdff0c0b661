"""The terminal as a platform: parts are printed, commands are read line by line."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TextIO

from bot.commands.dispatch import Commands
from bot.commands.names import completions
from bot.commands.request import Reply, Request
from formatters.document import Document
from formatters.parts import TerminalRenderer
from jobs.ports import RetryLater
from storage.models import Lang, Part, Platform

ADDRESS = "terminal"
PERSON = "terminal:local"


class Terminal:
    """Prints parts and replies. The messenger of the platform `terminal`."""

    def __init__(self, out: TextIO, renderer: TerminalRenderer) -> None:
        self._out = out
        self.renderer = renderer

    async def turn(self, address: str) -> None:
        """A terminal takes everything at once."""

    async def send(self, part: Part) -> str | None:
        """Print a part. RetryLater when nobody reads any more."""
        try:
            self.write(part.payload + (part.card or ""))
        except (BrokenPipeError, ValueError) as error:
            raise RetryLater("the terminal is closed") from error
        return None

    def show(self, document: Document) -> None:
        """Print a document."""
        self.write(self.renderer.document(document))

    def write(self, text: str) -> None:
        """Print finished text; it brings its line ends."""
        self._out.write(text)
        self._out.flush()


def request(text: str, lang: Lang, tz: str) -> Request:
    """What the person at this terminal says."""
    return Request(Platform.TERMINAL, ADDRESS, PERSON, text, lang=lang, tz=tz)


async def converse(
    commands: Commands, terminal: Terminal, lines: AsyncIterator[str], *, lang: Lang, tz: str
) -> None:
    """Answer each line with one reply, until there are no more; `exit` or `quit` ends it too."""
    async for line in lines:
        if line.strip().lower() in {"exit", "quit", "/exit", "/quit", "退出"}:
            return
        if not line.strip():
            continue
        reply = await commands.dispatch(request(line, lang, tz))
        if reply is None:
            continue
        await show(reply, terminal)
        terminal.write("\n")


async def show(reply: Reply, terminal: Terminal) -> None:
    """Print a reply as it comes, and keep its files."""
    terminal.show(reply.document)
    if reply.updates is not None:
        async for document in reply.updates:
            terminal.show(document)
    keep_files(reply, terminal)


def keep_files(reply: Reply, terminal: Terminal) -> None:
    """Write a reply's files into the current folder, under names that are not taken."""
    for file in reply.files:
        path = _free(Path.cwd() / Path(file.name).name)
        path.write_text(file.content, encoding="utf-8")
        terminal.write(f"→ {path.name}\n")


async def piped(stream: TextIO) -> AsyncIterator[str]:
    """The lines of a pipe or a file, without blocking the loop."""
    while line := await asyncio.to_thread(stream.readline):
        yield line


async def typed(history: Path) -> AsyncIterator[str]:
    """Lines as a person types them, with history and completion of command names."""
    from prompt_toolkit import PromptSession  # noqa: PLC0415 -- only an interactive chat needs it
    from prompt_toolkit.completion import WordCompleter  # noqa: PLC0415
    from prompt_toolkit.history import FileHistory  # noqa: PLC0415

    await asyncio.to_thread(history.touch, mode=0o600)
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)),
        completer=WordCompleter(list(completions()), sentence=True),
        complete_while_typing=True,
    )
    while True:
        try:
            yield await session.prompt_async("paperround> ")
        except (EOFError, KeyboardInterrupt):
            return


def lines_of(stream: TextIO, history: Path) -> AsyncIterator[str]:
    """What is typed at a terminal, or what a pipe brings."""
    return typed(history) if stream.isatty() else piped(stream)


def _free(path: Path) -> Path:
    taken = 1
    free = path
    while free.exists():
        taken += 1
        free = path.with_stem(f"{path.stem}-{taken}")
    return free
