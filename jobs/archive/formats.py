"""The archive's Markdown: a day's table and report, and the topics' tables of a span. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from formatters.archive.daily_table import daily_table
from formatters.archive.entries import ArchivedTopic, Entry
from formatters.archive.pieces import ROWS, SECTIONS
from formatters.archive.report import report
from formatters.archive.topic_tables import INDEX, TopicTables, topic_files
from formatters.catalogue import say
from formatters.compose.cards import Frame
from formatters.compose.highlights import sections
from formatters.compose.morning import Morning
from formatters.document import Block
from formatters.text import readable
from jobs.archive.ports import Entries, Former
from jobs.digest.highlights import highlights_of
from jobs.extractive import summarize
from jobs.keyphrases import keyphrases
from storage.models import ChatKey, Counts, Digest, Lang, Overview, Paper, PaperId, RunState, Topic


@dataclass(frozen=True, slots=True)
class MarkdownFiles:
    """Makes the Markdown files of the archive's folder: path → text."""

    site: str
    """arXiv's address, as in Frame."""
    place: str = "markdown"
    """The folder that all of them stand in."""

    @property
    def span_place(self) -> str:
        """The folder of a span's files."""
        return f"{self.place}/topics"

    def __call__(self, day: date, entries: Entries, former: Former, /) -> Iterator[tuple[str, str]]:
        """A day's table and report in each language."""
        for lang, shown in entries.items():
            frame = Frame(lang, self.site)
            papers = [entry.paper.id for entry in shown]
            beginning = f"{self.place}/{day.year}/{day.isoformat()}"
            for name, pieces, make in (
                ("daily-table", ROWS, partial(_table, day, shown, frame)),
                ("report", SECTIONS, partial(_report, day, shown, frame)),
            ):
                path = f"{beginning}-{name}.{lang}.md"
                yield path, pieces.renewed(make, papers, former.read(path), former.unchanged)

    def of_span(
        self, first: date, last: date, entries: Entries, topics: Sequence[ArchivedTopic], /
    ) -> Iterator[tuple[str, str]]:
        """The topics' tables of a span of days in each language, and their index."""
        for lang, shown in entries.items():
            tables = TopicTables(topics, shown, first, last, Frame(lang, self.site))
            for name, text in topic_files(tables).items():
                yield f"{self.span_place}/{lang}/{name}", text

    def is_of_span(self, text: str) -> bool:
        """Whether this is a topic's file of a span: its last line leads back to the index."""
        backs = (f"[{say('table.all_topics', lang)}]({INDEX})" for lang in Lang)
        return text.rstrip().endswith(tuple(backs))


def with_findings(
    entries: Sequence[Entry], lang: Lang, *, but: Collection[PaperId] = ()
) -> list[Entry]:
    """The entries, with the built-in engine's findings where nobody said anything yet.

    Those of the papers in `but` stay as they are.
    """
    return [
        entry
        if entry.summary is not None or entry.paper.id in but
        else replace(entry, summary=summarize(entry.paper, lang))
        for entry in entries
    ]


def executive_summary(
    day: date,
    entries: Sequence[Entry],
    frame: Frame,
    *,
    topic: Topic | None = None,
    overview: Overview | None = None,
) -> list[Block]:
    """What stands out among the papers, as a model wrote it or as it is counted.

    `topic` is what they were chosen by: what it is called is no theme of theirs.
    """
    papers = {entry.paper.id: entry.paper for entry in entries}
    phrases = [(entry.paper.id, entry.phrases or _phrases(entry.paper)) for entry in entries]
    counts = Counts(announced=len(papers), matched=len(papers), shown=len(papers))
    morning = Morning(
        digest=Digest(ChatKey(0), "report", day, (day,), counts, RunState.FRESH, "announced", ()),
        sections=(),
        papers=papers,
        summaries={entry.paper.id: entry.summary for entry in entries if entry.summary},
        highlights=highlights_of(phrases, [topic] if topic else [], frozenset()),
        overview=overview,
    )
    return sections(morning, frame)


def _phrases(paper: Paper) -> tuple[str, ...]:
    return keyphrases(readable(paper.title), readable(paper.abstract))


def _table(day: date, entries: Sequence[Entry], frame: Frame, brief: Collection[PaperId]) -> str:
    return daily_table(day, entries, frame, brief=brief)


def _report(day: date, entries: Sequence[Entry], frame: Frame, brief: Collection[PaperId]) -> str:
    said = with_findings(entries, frame.lang, but=brief)
    summary = executive_summary(day, said, frame)
    return report(day, said, frame, summary=summary, brief=brief)
