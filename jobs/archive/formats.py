"""The archive's Markdown: a day's table and report, and the topics' tables of a span. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from formatters.archive.daily_table import daily_table
from formatters.archive.entries import ArchivedTopic, Entry
from formatters.archive.report import report
from formatters.archive.topic_tables import TopicTables, topic_files
from formatters.compose.cards import Frame
from formatters.compose.highlights import sections
from formatters.compose.morning import Morning
from formatters.document import Block
from formatters.text import readable
from jobs.archive.ports import Entries
from jobs.digest.highlights import highlights_of
from jobs.extractive import summarize
from jobs.keyphrases import keyphrases
from storage.models import ChatKey, Counts, Digest, Lang, Overview, RunState, Topic


@dataclass(frozen=True, slots=True)
class MarkdownFiles:
    """Makes the Markdown files of the archive's folder: path → text."""

    site: str
    """arXiv's address, as in Frame."""

    def __call__(
        self, day: date, entries: Entries, _: Sequence[ArchivedTopic], /
    ) -> Mapping[str, str]:
        """A day's table and report in each language."""
        files: dict[str, str] = {}
        for lang, shown in entries.items():
            frame = Frame(lang, self.site)
            said = with_findings(shown, lang)
            beginning = f"markdown/{day.year}/{day.isoformat()}"
            files[f"{beginning}-daily-table.{lang}.md"] = daily_table(day, shown, frame)
            files[f"{beginning}-report.{lang}.md"] = report(
                day, said, frame, summary=executive_summary(day, said, frame)
            )
        return files

    def of_span(
        self, first: date, last: date, entries: Entries, topics: Sequence[ArchivedTopic]
    ) -> Mapping[str, str]:
        """The topics' tables of a span of days in each language, and their index."""
        return {
            f"markdown/topics/{lang}/{name}": text
            for lang, shown in entries.items()
            for name, text in topic_files(
                TopicTables(topics, shown, first, last, Frame(lang, self.site))
            ).items()
        }


def with_findings(entries: Sequence[Entry], lang: Lang) -> list[Entry]:
    """The entries, with the built-in engine's findings where nobody said anything yet."""
    return [
        entry if entry.summary is not None else replace(entry, summary=summarize(entry.paper, lang))
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
    phrases = [
        (paper.id, keyphrases(readable(paper.title), readable(paper.abstract)))
        for paper in papers.values()
    ]
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
