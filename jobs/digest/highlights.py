"""What stands out among a digest's papers: shared themes, and phrases on the rise."""

from collections.abc import Sequence
from datetime import date, timedelta

from formatters.compose.digest import Highlights
from jobs.themes import rising, themes
from storage import papers
from storage.database import Tx
from storage.models import PaperId, Topic

HISTORY = timedelta(days=28)
RISING_CONSIDERED = 60


def highlights_of(
    phrases: Sequence[tuple[PaperId, tuple[str, ...]]], topics: Sequence[Topic], news: frozenset[str]
) -> Highlights:
    """Themes of a digest's papers, and which of their phrases are rising."""
    names = [topic.preset.replace("-", " ") if topic.preset else topic.text for topic in topics]
    common = themes(phrases, excluding=names)
    present = {phrase for _, found in phrases for phrase in found}
    return Highlights(
        themes=tuple((theme.phrase, theme.papers) for theme in common),
        rising=tuple(sorted(news & present))[:3],
    )


def rising_phrases(tx: Tx, days: Sequence[date]) -> frozenset[str]:
    """Phrases of these announcement days that are clearly more frequent than in the weeks before it."""
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
