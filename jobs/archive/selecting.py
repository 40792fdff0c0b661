"""What the archive shows: the topics that were configured or made public, and their papers.

Reads the store; a chat's topic that nobody made public is never among them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import blake2b, sha256
from itertools import groupby
from operator import attrgetter

from formatters.archive.entries import ArchivedTopic, Entry
from formatters.text.links import code_links, project_links
from jobs.archive.ports import Planned
from jobs.digest import Desk, StoredIndex
from jobs.extractive import ENGINE
from jobs.matching import evaluate
from storage import analyses, archive, papers, subscriptions
from storage.database import Tx
from storage.models import Lang, Paper, PaperId, Topic
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


def planned(tx: Tx, desk: Desk, topics: Sequence[ArchivedTopic]) -> dict[date, Planned]:
    """Every day that was the first to announce a paper, with those that are in these topics.

    A paper's mark changes with what is known or said of it, and with its own topics alone.
    """
    standing = archive.standing(tx)
    found = _found(tx, desk, topics, frozenset(one.row for one in standing))
    shown = {topic.slug: repr((topic.slug, topic.names)) for topic in topics}
    days: dict[date, Planned] = {}
    for day, announced in groupby(standing, key=attrgetter("day")):
        those = [one for one in announced if one.row in found]
        days[day] = Planned(
            {
                one.paper: _mark(one.said, *(shown[slug] for slug in found[one.row]))
                for one in those
            },
            Counter(slug for one in those for slug in found[one.row]),
        )
    return days


def entries(
    tx: Tx, desk: Desk, topics: Sequence[ArchivedTopic], first: date, last: date
) -> list[Entry]:
    """The papers of these topics that the days announced first, oldest first, nothing said yet.

    Each once, under all of its topics. Code is what the abstract or the comment names, else
    the full text, where it was read.
    """
    announced = archive.first_announced(tx, first, last)
    found = _found(tx, desk, topics, frozenset(one.row for one in announced))
    stored = papers.by_rows(tx, found)
    code = papers.code_of(tx, [paper.id for paper in stored.values()])
    phrases = archive.phrases(tx, found)
    return [
        replace(_entry(stored[one.row], one, found[one.row], code), phrases=phrases[one.row])
        for one in announced
        if one.row in found
    ]


def in_language(tx: Tx, shown: Sequence[Entry], lang: Lang) -> list[Entry]:
    """The entries with what is said of them in a language."""
    ids = [entry.paper.id for entry in shown]
    summaries = archive.best_summaries(tx, ids, lang, ENGINE)
    analysed = analyses.newest(tx, ids, lang)
    return [
        replace(
            entry,
            summary=summaries.get(entry.paper.id),
            analysis=analysed.get(entry.paper.id),
        )
        for entry in shown
    ]


def _found(
    tx: Tx, desk: Desk, topics: Sequence[ArchivedTopic], rows: frozenset[int]
) -> dict[int, list[str]]:
    """Those of the rows that are in some topic, with the slugs of all theirs, in order."""
    index = StoredIndex(tx, rows)
    found: dict[int, list[str]] = {}
    for topic in topics:
        for row in evaluate(desk.stored(topic.query).node, index.rows, rows):
            found.setdefault(row, []).append(topic.slug)
    return found


def _mark(*said: str) -> str:
    return blake2b("\n".join(said).encode(), digest_size=5).hexdigest()


def _entry(
    paper: Paper,
    announced: archive.FirstAnnounced,
    topics: Iterable[str],
    in_texts: Mapping[PaperId, tuple[str, ...]],
) -> Entry:
    texts = (paper.abstract, paper.comment or "")
    return Entry(
        paper=paper,
        day=announced.day,
        kind=announced.kind,
        topics=tuple(topics),
        code=code_links(*texts) or in_texts.get(paper.id, ()),
        project=project_links(*texts),
    )
