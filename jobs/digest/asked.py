"""What a person asks for now: a preview of a topic, a digest out of turn, more of the last one.

Answered from the stored index, without touching what is seen or due.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from formatters.compose.digest import Morning
from jobs import matching, planning, ranking, schedule, summarize
from jobs.digest.desk import Desk
from jobs.digest.highlights import highlights_of, rising_phrases
from jobs.planning import Group, Window
from storage import digests, papers, runs, search
from storage.database import Database, Tx
from storage.models import (
    Chat,
    Digest,
    DigestItem,
    Lang,
    Paper,
    PaperId,
    Subscription,
    Topic,
)
from storage.syntax import Leaf

PREVIEW_DAYS = 7
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Preview:
    """What a topic would have brought in the last week."""

    days_known: int
    """Announcement days of the last week that are stored so far."""
    matched: int
    per_day: float
    samples: tuple[Paper, ...]
    """The best of them."""
    days_total: int = PREVIEW_DAYS
