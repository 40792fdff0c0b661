"""What the archive shows: the topics that were configured or made public, and their papers.

Reads the store; a chat's topic that nobody made public is never among them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

from formatters.archive.entries import ArchivedTopic, Entry
from formatters.text.links import code_links, own_code_links, project_links
from jobs.digest import Desk, StoredIndex
from jobs.extractive import ENGINE
from jobs.matching import evaluate
from storage import analyses, archive, papers, subscriptions
from storage.database import Tx
from storage.models import Lang, Paper, PaperId, Topic, texts_of
from storage.syntax import Category

_WORD = re.compile(r"[a-z0-9]+")
_LONGEST_SLUG = 40


def named_topics(setting: str) -> tuple[str, ...]:
    """The topics of a list with semicolons between them, or commas where it has none.

    What stands within quotes divides nothing.
    """
    marks = ";；" if re.search("[;；]", setting) else ",，"
    found = re.split(f'[{marks}](?=(?:[^"]*"[^"]*")*[^"]*$)', setting)
    return tuple(topic for topic in map(str.strip, found) if topic)


def archived_topics(tx: Tx, desk: Desk, configured: Sequence[str]) -> tuple[ArchivedTopic, ...]:
    """The configured topics, then those of public subscriptions, each once.

    Raises UserError for a configured one that is no topic.
    """
    topics = [desk.parse(text) for text in configured]
    topics += [desk.stored(text) for text in subscriptions.public_topics(tx)]
    return tuple({topic.text: archived(desk, topic) for topic in topics}.values())


def archived(desk: Desk, topic: Topic) -> ArchivedTopic:
    """A topic as the archive names it."""
    names = tuple((lang, desk.topic_name(topic, lang)) for lang in Lang)
    return ArchivedTopic(slug_of(topic), names, topic.text)


def slug_of(topic: Topic) -> str:
    """What a topic's files are called, whatever other topics there are.

    A preset's own slug, a category as `cs-cv`; else words of the query and a mark of its own.
    """
    if topic.preset:
        return topic.preset
    words = "-".join(_WORD.findall(topic.text.lower()))
    if isinstance(topic.node, Category) and "*" not in topic.text:
        return words
    mark = sha256(topic.text.encode()).hexdigest()[:8]
    return f"{words[:_LONGEST_SLUG].strip('-')}-{mark}".strip("-")


def entries(
    tx: Tx, desk: Desk, topics: Sequence[ArchivedTopic], first: date, last: date
) -> list[Entry]:
    """The papers of these topics that the days announced first, oldest first, nothing said yet.

    Each once, under all of its topics.
    """
    announced = archive.first_announced(tx, first, last)
    index = StoredIndex(tx, frozenset(one.row for one in announced))
    found: dict[int, list[str]] = {}
    for topic in topics:
        for row in evaluate(desk.stored(topic.query).node, index.rows, index.universe):
            found.setdefault(row, []).append(topic.slug)
    stored = papers.by_rows(tx, found)
    return [_entry(stored[one.row], one, found[one.row]) for one in announced if one.row in found]


def in_language(tx: Tx, shown: Sequence[Entry], lang: Lang) -> list[Entry]:
    """The entries with what is said of them in a language, and code that only the text names."""
    ids = [entry.paper.id for entry in shown]
    summaries = archive.best_summaries(tx, ids, lang, ENGINE)
    analysed = analyses.newest(tx, ids, lang)
    bare = [entry.paper.id for entry in shown if not entry.code]
    code = {paper: _code_of(tx, paper) for paper in archive.with_text(tx, bare)}
    return [
        replace(
            entry,
            summary=summaries.get(entry.paper.id),
            analysis=analysed.get(entry.paper.id),
            code=entry.code or code.get(entry.paper.id, ()),
        )
        for entry in shown
    ]


def _entry(paper: Paper, announced: archive.FirstAnnounced, topics: Iterable[str]) -> Entry:
    texts = (paper.abstract, paper.comment or "")
    return Entry(
        paper=paper,
        day=announced.day,
        kind=announced.kind,
        topics=tuple(topics),
        code=code_links(*texts),
        project=project_links(*texts),
    )


def _code_of(tx: Tx, paper: PaperId) -> tuple[str, ...]:
    """The code that a paper's full text calls the authors' own."""
    text = archive.kept_text(tx, paper)
    if text is None:
        return ()
    said = (
        said
        for section in text.sections
        for passage in section.passages
        for said in texts_of(passage)
    )
    return own_code_links(text.abstract, *said)
