"""What tables and reports show of an entry."""

from collections.abc import Iterator

from formatters.archive.entries import Entry
from formatters.catalogue import say
from formatters.compose.cards import Frame
from formatters.document import Block, Inline, Span, Text, plain
from formatters.text import readable
from formatters.text.mentions import mentions
from storage.models import Lang, Paper


def title_of(entry: Entry) -> str:
    """The original title; the id of a paper that has none."""
    return readable(entry.paper.title) or entry.paper.id


def translated_title(entry: Entry) -> str:
    """The title in the reader's language, where that is another; else empty."""
    translated = readable(entry.summary.title or "") if entry.summary else ""
    return "" if translated == title_of(entry) else translated


def titles(entry: Entry, address: str | None = None) -> Inline:
    """The title in the reader's language and beneath it the original one, where they differ.

    With an address the upper one leads there.
    """
    original, translated = title_of(entry), translated_title(entry)
    beneath = (Span("\n"), Span(original)) if translated else ()
    return (Span(translated or original, href=address), *beneath)


def abstract(entry: Entry, lang: Lang) -> Inline:
    """The abstract in the reader's language; the original is called so in another."""
    translated = readable(entry.summary.abstract or "") if entry.summary else ""
    if translated:
        return linked(translated)
    original = linked(readable(entry.paper.abstract))
    return original if lang is Lang.EN else (Span(say("table.original", lang)), *original)


def linked(text: str) -> Inline:
    """`text`, its web addresses as links."""
    return tuple(_linked(text))


def page_of(paper: Paper, frame: Frame) -> str:
    """The address of the version's page."""
    return f"{frame.site}/abs/{paper.id}v{paper.version}"


def pdf_of(paper: Paper, frame: Frame) -> str:
    """The address of its PDF."""
    return f"{frame.site}/pdf/{paper.id}v{paper.version}"


def papers_counted(count: int, lang: Lang) -> Text:
    """How many papers there are."""
    return Text(plain(say("table.papers", lang, n=count)))


def left_out(count: int, lang: Lang) -> tuple[Block, ...]:
    """How many papers are not shown, where some are not."""
    return (Text(plain(say("table.left_out", lang, n=count))),) if count else ()


def _linked(rest: str) -> Iterator[Span]:
    for mention in mentions(rest):
        before, found, after = rest.partition(mention.address)
        if found:
            yield Span(before)
            yield Span(found, href=found)
            rest = after
    yield Span(rest)
