"""What paperround speaks of: frozen values that travel between all layers.

Pure: no I/O, no clock. Times are UTC-aware datetimes, days are plain dates in the zone
that the field's comment names, ids are arXiv base ids without a version.
"""

from storage.models.analyses import Analysis, Answer, Aspect, Claim, Coverage
from storage.models.chats import Chat, ChatKey, Lang, OutOfReach, Platform
from storage.models.digests import Counts, Digest, DigestItem, DigestKey
from storage.models.fulltext import (
    Equation,
    Figure,
    FullText,
    Hidden,
    HiddenKind,
    Listing,
    Origin,
    Paragraph,
    Passage,
    Section,
    Table,
    texts_of,
)
from storage.models.papers import (
    Announced,
    AnnounceType,
    Candidate,
    Match,
    Paper,
    PaperId,
    Prepared,
)
from storage.models.parts import DraftPart, Operation, Part, PartKey, PartState
from storage.models.runs import Run, RunState
from storage.models.subscriptions import Slot, Subscription, SubscriptionKey, Topic, When
from storage.models.summaries import Direction, Overview, OverviewTheme, Read, Summary

__all__ = [
    "Analysis",
    "AnnounceType",
    "Announced",
    "Answer",
    "Aspect",
    "Candidate",
    "Chat",
    "ChatKey",
    "Claim",
    "Counts",
    "Coverage",
    "Digest",
    "DigestItem",
    "DigestKey",
    "Direction",
    "DraftPart",
    "Equation",
    "Figure",
    "FullText",
    "Hidden",
    "HiddenKind",
    "Lang",
    "Listing",
    "Match",
    "Operation",
    "Origin",
    "OutOfReach",
    "Overview",
    "OverviewTheme",
    "Paper",
    "PaperId",
    "Paragraph",
    "Part",
    "PartKey",
    "PartState",
    "Passage",
    "Platform",
    "Prepared",
    "Read",
    "Run",
    "RunState",
    "Section",
    "Slot",
    "Subscription",
    "SubscriptionKey",
    "Summary",
    "Table",
    "Topic",
    "When",
    "texts_of",
]
