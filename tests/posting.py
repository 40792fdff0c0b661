"""Chats with parts in the outbox, for the tests of sending."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from storage import chats, digests, outbox
from storage.database import Tx
from storage.models import (
    AnnounceType,
    ChatKey,
    Counts,
    Digest,
    DigestItem,
    DigestKey,
    DraftPart,
    Lang,
    PaperId,
    PartKey,
    Platform,
    RunState,
)

NOW = datetime(2026, 2, 6, 6, tzinfo=UTC)


def chat_at(tx: Tx, address: str = "room") -> ChatKey:
    """A chat in the terminal."""
    return chats.ensure(tx, Platform.TERMINAL, address, lang=Lang.EN, tz="Asia/Shanghai").key


def post(
    tx: Tx, address: str, *drafts: str | DraftPart, now: datetime = NOW
) -> tuple[ChatKey, list[PartKey]]:
    """Parts of these payloads, in line behind the chat's others."""
    parts = [DraftPart(draft) if isinstance(draft, str) else draft for draft in drafts]
    chat = chat_at(tx, address)
    return chat, outbox.enqueue(tx, chat, parts, now)


def digest_of(
    chat: ChatKey, papers: Sequence[str], *, slot: str = "fresh", covered_from: int = 7
) -> Digest:
    """A digest that shows these papers."""
    return Digest(
        chat=chat,
        slot=slot,
        local_date=date(2026, 2, 6),
        days=(date(2026, 2, 6),),
        counts=Counts(announced=9, matched=len(papers), shown=len(papers)),
        state=RunState.FRESH,
        cause="announced",
        sections=("cs.CV",),
        covered_from=covered_from,
        items=tuple(
            DigestItem(PaperId(paper), 1, AnnounceType.NEW, 0, shown=True) for paper in papers
        ),
    )


def post_digest(
    tx: Tx, papers: Sequence[str], *drafts: str, slot: str = "fresh", now: datetime = NOW
) -> tuple[ChatKey, DigestKey, list[PartKey]]:
    """A digest as the morning commits it: recorded, seen, in the outbox."""
    chat = chat_at(tx)
    key = digests.record(tx, digest_of(chat, papers, slot=slot), now)
    digests.mark_seen(tx, chat, [(PaperId(paper), 1) for paper in papers])
    parts = [DraftPart(draft) for draft in drafts]
    return chat, key, outbox.enqueue(tx, chat, parts, now, digest=key)
