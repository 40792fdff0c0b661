"""How fast a platform may be sent to: when something may go, decided for parts and answers.

`Pacer` decides, from times that it is given; `Turnstile` waits. Parts stand in one line and go
in its order, as soon as the whole and their own chat allow it; answers to people pass the line,
and those in it step back. Knows chats as names, and no platform.
"""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from jobs.ports import Clock, RetryLater

NOTHING = timedelta(0)
EVER = datetime.min.replace(tzinfo=UTC)

PATIENCE = timedelta(seconds=5)
"""A part waits no longer in its place because of its own chat, or while all is held."""
ANSWER_PATIENCE = timedelta(seconds=20)
"""After that, who asked has gone on."""
REFUSED_TOGETHER = 3
"""So many chats refused …"""
TOGETHER = timedelta(seconds=10)
"""… within this time: it is not the chats that are meant."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many in any span of this length."""

    most: int
    within: timedelta

    @property
    def step(self) -> timedelta:
        """The time between two at an even pace, rounded up."""
        return self.within / self.most + timedelta.resolution

    def opens(self, went: deque[datetime]) -> datetime:
        """When one more may go, after those that went."""
        return went[-self.most] + self.within if len(went) >= self.most else EVER


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform takes; the defaults are Telegram's, with a little room."""

    overall: Rate = Rate(28, timedelta(seconds=1))
    """Of everything, where parts may still go …"""
    at_once: Rate = Rate(4, timedelta(milliseconds=125))
    """… and in a moment, so that answers find room at any time."""
    with_answers: Rate = Rate(30, timedelta(seconds=1))
    """Of everything, where answers may still go."""
    apart: timedelta = timedelta(seconds=1)
    """Between two messages of one chat, on average …"""
    burst: int = 3
    """… of which so many answers may come at once."""
    group: Rate = Rate(20, timedelta(minutes=1))
    """Of everything to one group or channel."""


TELEGRAM = Limits()


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """A place in the line: for which chat, and whether that is a group or channel."""

    chat: str
    group: bool


@dataclass(slots=True)
class _Account:
    """What went to one chat."""

    went: deque[datetime]
    free: datetime = EVER
    """When all that went is worked off at an even pace."""


class Pacer:
    """The accounts of what went, and the line of what wants to go.

    Bounded: what is too old to keep anything back is forgotten.
    """

    def __init__(self, limits: Limits = TELEGRAM) -> None:
        self.limits = limits
        most = max(limits.overall.most, limits.with_answers.most)
        self._went: deque[datetime] = deque(maxlen=most)
        self._accounts: dict[str, _Account] = {}  # what was sent to last at the end
        self._line: dict[Ticket, None] = {}
        self._held: dict[str, datetime] = {}
        self._all_held = EVER
        self._refused: dict[str, tuple[datetime, datetime]] = {}  # when, until when
        self._latest = EVER
        self._behind = NOTHING

    def join(self, chat: str, *, group: bool) -> Ticket:
        """Stand in line at its end, until `ask` lets it go or it leaves."""
        ticket = Ticket(chat, group)
        self._line[ticket] = None
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Give up the place, if it is still held."""
        self._line.pop(ticket, None)

    def ask(self, ticket: Ticket, now: datetime) -> timedelta:
        """How long until it is this ticket's turn; zero: it goes now, and leaves the line.

        What was told may turn out too early when answers came in between: then ask again, the
        place is kept.
        """
        now = self._time(now)
        limits = self.limits
        opens = max(now, limits.overall.opens(self._went), limits.at_once.opens(self._went))
        ahead = self._ready_before(ticket, opens)
        at = max(self._chat_opens(ticket), opens + ahead * limits.overall.step)
        if at > now:
            return at - now
        self.leave(ticket)
        self._note(ticket.chat, now)
        return NOTHING

    def kept_back(self, ticket: Ticket, now: datetime) -> timedelta:
        """How long the ticket's own chat, or a refusal, keeps it from going."""
        now = self._time(now)
        return max(NOTHING, self._chat_opens(ticket) - now)

    def answer(self, chat: str, now: datetime, *, group: bool) -> timedelta:
        """How long an answer has to wait; zero: it goes now. It passes everything in line."""
        now = self._time(now)
        limits = self.limits
        credit = (limits.burst - 1) * limits.apart
        account = self._accounts.get(chat)
        at = max(
            limits.with_answers.opens(self._went),
            self._own_limits_open(chat, group=group),
            account.free - credit if account else EVER,
        )
        if at > now:
            return at - now
        self._note(chat, now)
        return NOTHING

    def refused(self, chat: str, after: timedelta, now: datetime) -> None:
        """The platform wants nothing for this chat for so long.

        When it says so of several chats at once, it is everything that it means.
        """
        now = self._time(now)
        until = now + after
        self._held = {c: end for c, end in self._held.items() if end > now}
        self._held[chat] = max(until, self._held.get(chat, EVER))
        self._refused = {
            c: (at, end) for c, (at, end) in self._refused.items() if at > now - TOGETHER
        }
        self._refused[chat] = (now, until)
        if len(self._refused) >= REFUSED_TOGETHER:
            self._all_held = max(self._all_held, *(end for _, end in self._refused.values()))

    def _time(self, now: datetime) -> datetime:
        """Our own time: a clock that is set back does not turn it back."""
        self._behind = max(self._behind, self._latest - now)
        self._latest = now + self._behind
        return self._latest

    def _own_limits_open(self, chat: str, *, group: bool) -> datetime:
        account = self._accounts.get(chat)
        opens = max(self._all_held, self._held.get(chat, EVER))
        return max(opens, self.limits.group.opens(account.went)) if group and account else opens

    def _chat_opens(self, ticket: Ticket) -> datetime:
        account = self._accounts.get(ticket.chat)
        opens = self._own_limits_open(ticket.chat, group=ticket.group)
        return max(opens, account.free) if account else opens

    def _ready_before(self, ticket: Ticket, moment: datetime) -> int:
        """How many stand before it and may go by then, as far as their chats are concerned."""
        ready = 0
        for other in self._line:
            if other is ticket:
                break
            ready += self._chat_opens(other) <= moment
        return ready

    def _note(self, chat: str, now: datetime) -> None:
        self._went.append(now)
        account = self._accounts.pop(chat, None) or _Account(deque(maxlen=self.limits.group.most))
        account.went.append(now)
        account.free = max(account.free, now) + self.limits.apart
        self._accounts[chat] = account
        self._forget(now - max(self.limits.group.within, self.limits.burst * self.limits.apart))

    def _forget(self, before: datetime) -> None:
        """Drop the accounts of chats to which nothing went since then."""
        while (chat := next(iter(self._accounts))) and self._accounts[chat].went[-1] < before:
            del self._accounts[chat]


class Turnstile:
    """Lets one after the other through, at the pacer's word."""

    def __init__(self, pacer: Pacer, clock: Clock) -> None:
        self._pacer = pacer
        self._clock = clock

    async def turn(self, chat: str, *, group: bool) -> None:
        """Wait in line until a part may go to this chat.

        Raises RetryLater when the chat's own limits or a refusal keep it back for long; the
        length of the line is no reason.
        """
        ticket = self._pacer.join(chat, group=group)
        try:
            while True:
                now = self._clock.now()
                if (kept := self._pacer.kept_back(ticket, now)) > PATIENCE:
                    raise RetryLater("pace", kept)
                if not (wait := self._pacer.ask(ticket, now)):
                    return
                await self._clock.sleep(min(wait, PATIENCE).total_seconds())
        finally:
            self._pacer.leave(ticket)

    async def answer(self, chat: str, *, group: bool) -> None:
        """Wait until an answer may go to this chat: mostly not at all.

        Raises RetryLater when that is longer than anybody waits for an answer.
        """
        while wait := self._pacer.answer(chat, self._clock.now(), group=group):
            if wait > ANSWER_PATIENCE:
                raise RetryLater("pace", wait)
            await self._clock.sleep(wait.total_seconds())

    def refused(self, chat: str, after: timedelta) -> None:
        """The platform said that this chat is sent to too fast, and for how long to wait."""
        self._pacer.refused(chat, after, self._clock.now())
