"""What stands out among a digest's papers: shared themes, and phrases on the rise."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import chain

from formatters.compose.morning import Highlights
from jobs.matching import positive_texts
from jobs.themes import rising, themes
from storage import papers
from storage.database import Tx
from storage.models import PaperId, Topic

HISTORY = timedelta(days=28)
RISING_CONSIDERED = 60


def highlights_of(
    phrases: Sequence[tuple[PaperId, tuple[str, ...]]],
    topics: Sequence[Topic],
    news: frozenset[str],
) -> Highlights:
    """Themes of a digest's papers, and which of their phrases are rising."""
    common = themes(phrases, excluding=[name for topic in topics for name in _names(topic)])
    present = news.intersection(chain.from_iterable(found for _, found in phrases))
    return Highlights(
        themes=tuple((theme.phrase, theme.papers) for theme in common),
        rising=tuple(sorted(present))[:3],
    )


def _names(topic: Topic) -> list[str]:
    """What the topic itself is called: no theme of its digest."""
    if topic.preset:
        return [topic.preset.replace("-", " ")]
    return [text.text for text in positive_texts(topic.node)]


def rising_phrases(tx: Tx, days: Sequence[date]) -> frozenset[str]:
    """Phrases of these days that are clearly more frequent than in the weeks before them."""
    if not days:
        return frozenset()
    first, last = days[0], days[-1]
    today = papers.phrases_between(tx, first, last)
    before = first - timedelta(days=1)
    start = before - HISTORY
    found = rising(
        today,
        papers.phrase_history(tx, today, start, before),
        papers_today=papers.papers_between(tx, first, last),
        papers_before=papers.papers_between(tx, start, before),
        limit=RISING_CONSIDERED,
    )
    return frozenset(found)
