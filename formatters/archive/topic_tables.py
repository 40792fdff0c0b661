"""A span of days by topic: a table each, newest papers first; together, or a file a topic."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from formatters.archive.cells import abstract, left_out, page_of, papers_counted, titles
from formatters.archive.entries import ArchivedTopic, Entry
from formatters.catalogue import say
from formatters.compose.cards import Frame
from formatters.document import (
    Block,
    Document,
    Grid,
    Heading,
    Inline,
    Span,
    Style,
    Text,
    Title,
    plain,
)
from formatters.markdown import escaped, markdown, row, table
from storage.models import Lang, PaperId

INDEX = "README.md"
"""The index's name: what a Git host shows of a folder."""


@dataclass(frozen=True, slots=True)
class TopicTables:
    """What the tables are made of."""

    topics: Sequence[ArchivedTopic]
    entries: Sequence[Entry]
    """In any order."""
    first: date
    last: date
    frame: Frame
    most: int | None = None
    """Papers that a table shows; the rest is counted."""

    def of(self, topic: ArchivedTopic) -> list[Entry]:
        """A topic's papers, each once, newest first."""
        found: dict[PaperId, Entry] = {}
        for entry in sorted(self.entries, key=lambda entry: entry.day):
            if topic.slug in entry.topics:
                found.setdefault(entry.paper.id, entry)
        return sorted(found.values(), key=lambda entry: entry.day, reverse=True)

    def name(self, topic: ArchivedTopic) -> str:
        """What a topic is called."""
        return topic.name(self.frame.lang)


def topic_tables(tables: TopicTables) -> str:
    """All topics in one Markdown file, with contents that lead to them."""
    blocks: list[Block] = [*_opening(tables)]
    for topic in tables.topics:
        blocks.append(Heading(plain(tables.name(topic)), anchor=topic.slug))
        blocks += _table(tables, topic)
    return markdown(Document(tuple(blocks)), tables.frame.lang)


def topic_files(tables: TopicTables) -> Mapping[str, str]:
    """A Markdown file for each topic and an index of them, by name."""
    lang = tables.frame.lang
    index = markdown(Document(tuple(_opening(tables))), lang)
    listed = "".join(_index_line(tables, topic) for topic in tables.topics)
    files = {INDEX: f"{index}\n{listed}" if listed else index}
    rows = {entry.paper.id: row(_row(entry, tables.frame)) for entry in tables.entries}
    for topic in tables.topics:
        files[f"{topic.slug}.md"] = _file(tables, topic, rows)
    return files


def _file(tables: TopicTables, topic: ArchivedTopic, rows: Mapping[PaperId, str]) -> str:
    """A topic's file; `rows` are ready, for a paper stands in several topics."""
    lang = tables.frame.lang
    found = tables.of(topic)
    shown = found[: tables.most]
    counted = papers_counted(len(found), lang)
    parts = [markdown(Document((Title(plain(tables.name(topic))), _span(tables), counted)), lang)]
    if shown:
        parts.append(table(_header(lang), [rows[entry.paper.id] for entry in shown]) + "\n")
    parts += [
        markdown(Document((block,)), lang) for block in left_out(len(found) - len(shown), lang)
    ]
    return "\n".join((*parts, f"[{say('table.all_topics', lang)}]({INDEX})\n"))


def _header(lang: Lang) -> tuple[Inline, ...]:
    names = ("date", "title", "code", "abstract")
    return tuple(plain(say(f"table.{name}", lang)) for name in names)


def _opening(tables: TopicTables) -> Iterator[Block]:
    updated = say("table.updated", tables.frame.lang, day=tables.last.isoformat())
    yield Title(plain(updated))
    yield _span(tables)


def _span(tables: TopicTables) -> Text:
    key = "table.one_day" if tables.first == tables.last else "table.span"
    first, last = tables.first.isoformat(), tables.last.isoformat()
    return Text(plain(say(key, tables.frame.lang, first=first, last=last)))


def _index_line(tables: TopicTables, topic: ArchivedTopic) -> str:
    count = say("table.papers", tables.frame.lang, n=len(tables.of(topic)))
    return f"- [{escaped(tables.name(topic))}]({topic.slug}.md): {count}\n"


def _table(tables: TopicTables, topic: ArchivedTopic) -> Iterator[Block]:
    """How many papers the topic has, and the table of those that are shown."""
    lang = tables.frame.lang
    found = tables.of(topic)
    shown = found[: tables.most]
    yield papers_counted(len(found), lang)
    if shown:
        yield Grid(_header(lang), tuple(_row(entry, tables.frame) for entry in shown))
    yield from left_out(len(found) - len(shown), lang)


def _row(entry: Entry, frame: Frame) -> tuple[Inline, ...]:
    label = say("table.link", frame.lang)
    code = (Span(label, Style.STRONG, entry.code[0]),) if entry.code else plain("–")
    return (
        (Span(entry.day.isoformat(), Style.STRONG),),
        titles(entry, page_of(entry.paper, frame)),
        code,
        abstract(entry, frame.lang),
    )
