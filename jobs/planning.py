"""What one chat's digest holds: each paper once, counts that add up. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jobs.matching import Matched
from jobs.ranking import Placed, Ranked, interleave, order
from jobs.topics import kind_for
from storage.models import (
    Candidate,
    Chat,
    Counts,
    Digest,
    DigestItem,
    Paper,
    PaperId,
    Run,
    RunState,
    Subscription,
)


@dataclass(frozen=True, slots=True)
class Window:
    """What was announced after some point: per row of the index its announcements, in order."""

    last_seq: int
    rows: Mapping[int, tuple[Candidate, ...]]
    first_seqs: tuple[int, ...]
    """Of each paper that was announced other than as a replacement the newest such sequence
    number, ascending."""
    newest_seqs: tuple[int, ...]
    """The same of every paper, replacements included."""
    days: tuple[tuple[date, int], ...]
    """Each announcement day with the newest sequence number of its papers."""

    def announced_after(self, seq: int, *, replacements: bool = False) -> int:
        """How many papers were announced after a sequence number; replacements only if asked."""
        seqs = self.newest_seqs if replacements else self.first_seqs
        return len(seqs) - bisect_right(seqs, seq)

    def days_after(self, seq: int) -> tuple[date, ...]:
        """The announcement days that have something after a sequence number."""
        return tuple(day for day, newest in self.days if newest > seq)


def window_of(candidates: Sequence[Candidate]) -> Window:
    """Group announcements by paper."""
    rows: dict[int, list[Candidate]] = {}
    days: dict[date, int] = {}
    first_seqs: dict[int, int] = {}
    for candidate in candidates:
        rows.setdefault(candidate.row, []).append(candidate)
        if not candidate.kind.is_replacement:
            first_seqs[candidate.row] = candidate.seq
            days[candidate.day] = max(days.get(candidate.day, 0), candidate.seq)
    return Window(
        last_seq=max((candidate.seq for candidate in candidates), default=0),
        rows={row: tuple(found) for row, found in rows.items()},
        first_seqs=tuple(sorted(first_seqs.values())),
        newest_seqs=tuple(sorted(found[-1].seq for found in rows.values())),
        days=tuple(sorted(days.items())),
    )


@dataclass(frozen=True, slots=True)
class Group:
    """Subscriptions of one chat that make one digest."""

    chat: Chat
    subscriptions: tuple[Subscription, ...]
    slot: str
    local_date: date

    @property
    def since(self) -> int:
        """The oldest point up to which one of them is covered."""
        return min(subscription.since for subscription in self.subscriptions)


def grouped(chat: Chat, due: Iterable[tuple[Subscription, date]]) -> list[Group]:
    """One group per slot and language; a split subscription has one of its own."""
    groups: dict[tuple[str, date], list[Subscription]] = {}
    for subscription, local_date in due:
        groups.setdefault((slot_name(subscription), local_date), []).append(subscription)
    return [
        Group(chat, tuple(subscriptions), slot, local_date)
        for (slot, local_date), subscriptions in groups.items()
    ]


def slot_name(subscription: Subscription) -> str:
    """The identity of the digest that a subscription belongs to, within its chat."""
    name = subscription.when.key
    if subscription.lang is not None:
        name += f"|{subscription.lang}"
    if subscription.split:
        name += f"|#{subscription.key}"
    return name


def ordered(matched: Sequence[Matched], window: Window) -> tuple[Ranked[int], ...]:
    """One topic's matches of the window, best first."""
    return order(
        [
            Ranked(m.row, window.rows[m.row][0].day, window.rows[m.row][0].seq, m.score)
            for m in matched
        ]
    )


@dataclass(frozen=True, slots=True)
class Assembled:
    """A digest, and the row of the window behind each of its papers."""

    digest: Digest
    rows: Mapping[PaperId, int]


def assemble(
    group: Group,
    window: Window,
    ranked: Sequence[Sequence[Ranked[int]]],
    seen: Mapping[PaperId, int],
    run: Run | None,
) -> Assembled:
    """The group's digest, items in the order of showing.

    `ranked` has each subscription's topic, best first. Kinds are as announced and reasons
    empty: `explained` adds both to what needs them.
    """
    taken = [
        _taken_rows(subscription, rows, window)
        for subscription, rows in zip(group.subscriptions, ranked, strict=True)
    ]
    unsent = [
        [one for one in rows if (c := section.get(one.paper)) and not _was_sent(c, seen)]
        for section, rows in zip(taken, ranked, strict=True)
    ]
    limits = [subscription.limit or group.chat.length for subscription in group.subscriptions]
    selection = interleave(unsent, limits, max(limits))
    items: list[DigestItem] = []
    rows: dict[PaperId, int] = {}
    for placements, shown in ((selection.shown, True), (selection.left_over, False)):
        for placed in placements:
            candidate = taken[placed.section][placed.paper]
            items.append(_item(placed, candidate, shown=shown))
            rows[candidate.paper.id] = placed.paper
    matched = len({row for section in taken for row in section})
    counts = Counts(
        announced=window.announced_after(
            group.since, replacements=any(s.replacements for s in group.subscriptions)
        ),
        matched=matched,
        already_sent=matched - len(items),
        shown=len(selection.shown),
        left_over=len(selection.left_over),
    )
    return Assembled(_digest(group, window, counts, items, run), rows)


def explained(
    item: DigestItem, categories: Sequence[str], paper: Paper, reasons: tuple[str, ...]
) -> DigestItem:
    """An item with its announce type relative to its topic's categories, and its reasons."""
    kind = kind_for(paper, item.kind, categories)
    return DigestItem(
        item.paper, item.version, kind, item.section, item.also, reasons, shown=item.shown
    )


def lateness_of(run: Run | None, digest: Digest) -> timedelta:
    """How late arXiv was on the digest's only day."""
    if run is None or digest.days != (run.day,):
        return timedelta(0)
    return run.late


def _digest(
    group: Group, window: Window, counts: Counts, items: Sequence[DigestItem], run: Run | None
) -> Digest:
    """Where something was announced it is fresh; else the last run says why nothing was."""
    state, cause = (run.state, run.cause) if run else (RunState.WAITING, "never")
    if counts.announced or items:
        state, cause = RunState.FRESH, "announced"
    return Digest(
        chat=group.chat.key,
        slot=group.slot,
        local_date=group.local_date,
        days=window.days_after(group.since),
        counts=counts,
        state=state,
        cause=cause,
        sections=tuple(subscription.topic for subscription in group.subscriptions),
        covered_from=group.since,
        items=tuple(items),
    )


def _taken_rows(
    subscription: Subscription, ranked: Sequence[Ranked[int]], window: Window
) -> dict[int, Candidate]:
    """Those of the topic's rows that this subscription takes, each with its announcement."""
    found = ((one.paper, _taken(subscription, window.rows[one.paper])) for one in ranked)
    return {row: candidate for row, candidate in found if candidate is not None}


def _taken(subscription: Subscription, announced: Sequence[Candidate]) -> Candidate | None:
    """The announcement by which a subscription takes a paper: its first, else the newest."""
    recent = [candidate for candidate in announced if candidate.seq > subscription.since]
    for candidate in recent:
        if not candidate.kind.is_replacement:
            return candidate
    return recent[-1] if recent and subscription.replacements else None


def _was_sent(candidate: Candidate, seen: Mapping[PaperId, int]) -> bool:
    """A chat that was sent a paper gets it again only as a newer version's replacement."""
    version = seen.get(candidate.paper.id)
    if version is None:
        return False
    return not candidate.kind.is_replacement or version >= candidate.version


def _item(placed: Placed[int], candidate: Candidate, *, shown: bool) -> DigestItem:
    return DigestItem(
        paper=candidate.paper.id,
        version=candidate.version,
        kind=candidate.kind,
        section=placed.section,
        also=placed.also,
        shown=shown,
    )
