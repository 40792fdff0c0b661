"""When things are due: subscriptions by their zone, arXiv by its calendar. Pure.

arXiv's calendar (info.arxiv.org/help/availability): submissions close at 14:00 US Eastern,
announcements go out at 20:00 Sunday to Thursday, and the feed carries each under the
following day's date, Monday to Friday, from midnight Eastern on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from storage.models import Run, RunState, Slot, Subscription, When

EASTERN = "America/New_York"
DEADLINE = time(14, 0)
ANNOUNCED = time(20, 0)

HOLIDAYS = frozenset(
    {date(2026, 11, 26), date(2026, 12, 25), date(2026, 12, 29), date(2026, 12, 31)}
)
"""Eastern dates without an announcement in the evening, as arXiv lists them."""

LATE_AFTER = timedelta(hours=10)
"""An announcement that is this much later than the feed's midnight is stalled."""

SATURDAY = 5


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def at_local(day: date, at: time, tz: str) -> datetime:
    """The UTC moment of a local time; in a gap the first valid instant, repeated the first.

    A gap moves the wall clock forward: PEP 495's fold=0 reads a missing time with the
    offset before the gap, which lands behind the gap by as much as the time was inside it.
    """
    zone = _zone(tz)
    local = datetime.combine(day, at, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    return _gap_end(moment, zone)


def next_due(when: When, after: datetime, *, not_before: date | None = None) -> datetime | None:
    """The first moment after `after` at which a fixed slot is due; None for a fresh one.

    `not_before` is a local date: the return from a pause.
    """
    if when.slot is Slot.FRESH or when.at is None:
        return None
    for day in _days_from(local_date(after, when.tz), not_before):
        if day.weekday() in when.days and _exists(day, when.tz):
            moment = at_local(day, when.at, when.tz)
            if moment > after:
                return moment
    return None


def slot_date(when: When, now: datetime) -> date:
    """The local date that a digest made now belongs to.

    For a fixed slot the date of its latest occurrence, so that one caught up after
    downtime is not mistaken for the next one; for a fresh slot today.
    """
    today = local_date(now, when.tz)
    if when.slot is Slot.FRESH or when.at is None:
        return today
    for back in range(8):
        day = today - timedelta(days=back)
        is_slot = day.weekday() in when.days and _exists(day, when.tz)
        if is_slot and at_local(day, when.at, when.tz) <= now:
            return day
    return today


def fresh_due(now: datetime, tz: str, days: tuple[int, ...], opens: time, closes: time) -> datetime:
    """When a fresh digest may go: now if the chat's window is open, else when it opens."""
    today = local_date(now, tz)
    for day in _days_from(today, None):
        if day.weekday() not in days:
            continue
        opening, closing = at_local(day, opens, tz), at_local(day, closes, tz)
        if now < closing:
            return max(now, opening)
    raise ValueError("a fresh slot needs at least one day")


def is_paused(subscription: Subscription, now: datetime) -> bool:
    """Whether the pause lasts at this moment; it ends at the start of its local date."""
    until = subscription.paused_until
    return until is not None and local_date(now, subscription.when.tz) < until


def local_date(moment: datetime, tz: str) -> date:
    """The date on the wall in a zone."""
    return moment.astimezone(_zone(tz)).date()


def feed_day(now: datetime) -> date:
    """The announcement day whose feed should be out by the calendar."""
    day = local_date(now, EASTERN)
    while not is_announcement_day(day):
        day -= timedelta(days=1)
    return day


def is_announcement_day(day: date) -> bool:
    """Whether the feed of this Eastern date carries papers, by the calendar."""
    return day.weekday() < SATURDAY and day - timedelta(days=1) not in HOLIDAYS


def announcement_days(first: date, last: date) -> list[date]:
    """The announcement days from `first` to `last`, both included."""
    span = (last - first).days
    days = (first + timedelta(days=n) for n in range(span + 1))
    return [day for day in days if is_announcement_day(day)]


def recent_days(now: datetime, count: int) -> list[date]:
    """The last `count` announcement days by the calendar, newest first."""
    days: list[date] = []
    day = feed_day(now)
    while len(days) < count:
        if is_announcement_day(day):
            days.append(day)
        day -= timedelta(days=1)
    return days


def submission_window(day: date) -> tuple[datetime, datetime]:
    """Between which deadlines the papers of an announcement day were submitted, UTC.

    Tuesday's feed, announced on Monday evening, covers Friday's deadline to Monday's; after
    a holiday, what would have been announced on it as well.
    """
    before = day - timedelta(days=1)
    while not is_announcement_day(before):
        before -= timedelta(days=1)
    return _deadline(_deadline_before(before)), _deadline(_deadline_before(day))


def announcement_day_of(submitted: datetime) -> date:
    """The earliest announcement day of a paper by its submission; moderation may delay it."""
    day = local_date(submitted, EASTERN)
    while not is_announcement_day(day) or submission_window(day)[1] <= submitted:
        day += timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a probe that brought nothing new is to be understood."""

    state: RunState
    cause: str


def judge(now: datetime, last_day: date | None, shown: date | None = None) -> Verdict:
    """Why there is nothing new, given the newest announcement day that we hold.

    `shown` is the day that the feed states. Once it states a weekend's or a holiday's, the
    announcement before has gone by, and a later one catches it up: nothing is late.
    """
    today = local_date(now, EASTERN)
    due = feed_day(now)
    gone_by = shown is not None and shown > due
    if (last_day is None or last_day < due) and not gone_by:
        waited = now - at_local(due, time(0), EASTERN)
        if waited < LATE_AFTER:
            return Verdict(RunState.WAITING, "not-yet")
        return Verdict(RunState.STALLED, "late")
    if today.weekday() >= SATURDAY:
        return Verdict(RunState.QUIET, "weekend")
    if not is_announcement_day(today):
        return Verdict(RunState.QUIET, "holiday")
    return Verdict(RunState.WAITING, "next")


def lateness(run: Run, before: Run | None) -> timedelta:
    """How late arXiv's feed was, when the run before was still waiting for it."""
    waited = before is not None and before.cause in ("not-yet", "late")
    if not waited or run.day is None:
        return timedelta(0)
    return max(run.finished - at_local(run.day, time(0), EASTERN), timedelta(0))


def next_probe(now: datetime, run: Run) -> datetime:
    """When to look at the feed again after a run.

    From the announcement at 20:00 Eastern on often, most around the feed's midnight; once
    the day is in, hourly until the deadline for what comes late; then not before the next
    announcement.
    """
    if run.state is RunState.FAILED:
        return now + max(run.retry_after, timedelta(minutes=10))
    eastern = now.astimezone(_zone(EASTERN))
    if not _day_is_in(now, run):
        waited = now - at_local(feed_day(now), time(0), EASTERN)
        return now + timedelta(minutes=5 if waited < timedelta(hours=3) else 30)
    if _announces(eastern.date()) and eastern.time() >= ANNOUNCED:
        return min(now + timedelta(minutes=10), _next_midnight(now))
    if is_announcement_day(eastern.date()) and eastern.time() < DEADLINE:
        return now + timedelta(hours=1)
    return _next_announcement(now)


def reaches(tz: str, now: datetime) -> tuple[time, time]:
    """Local times at which a day's papers usually reach a zone: announced, and in the feed."""
    announcement = _next_announcement(now)
    zone = _zone(tz)
    midnight = _next_midnight(announcement)
    return announcement.astimezone(zone).time(), midnight.astimezone(zone).time()


def _day_is_in(now: datetime, run: Run) -> bool:
    """Whether a run found the newest announcement in; news of the day before are not it."""
    if run.state is RunState.FRESH:
        return run.day is not None and run.day >= feed_day(now)
    return run.cause in ("next", "weekend", "holiday")


def _announces(day: date) -> bool:
    """Whether there is an announcement on the evening of this Eastern date."""
    return is_announcement_day(day + timedelta(days=1))


def _next_announcement(now: datetime) -> datetime:
    day = local_date(now, EASTERN)
    while not (_announces(day) and at_local(day, ANNOUNCED, EASTERN) > now):
        day += timedelta(days=1)
    return at_local(day, ANNOUNCED, EASTERN)


def _next_midnight(now: datetime) -> datetime:
    return at_local(local_date(now, EASTERN) + timedelta(days=1), time(0), EASTERN)


def _deadline_before(day: date) -> date:
    """The last weekday before a day: submissions close Monday to Friday."""
    day -= timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day -= timedelta(days=1)
    return day


def _deadline(day: date) -> datetime:
    return at_local(day, DEADLINE, EASTERN)


def _days_from(first: date, not_before: date | None) -> Iterator[date]:
    """Two weeks and a day: every weekday, also when one has gone by and the next is no date."""
    start = max(first, not_before) if not_before else first
    return (start + timedelta(days=n) for n in range(15))


def _exists(day: date, tz: str) -> bool:
    """Whether a zone has this date: moving over the date line, Apia had no 2011-12-30."""
    return local_date(at_local(day, time(0), tz), tz) == day


def _gap_end(inside: datetime, zone: ZoneInfo) -> datetime:
    """The first instant after the change of offset that lies within a day before `inside`."""
    low, high = inside - timedelta(days=1), inside
    after = high.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == after:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)
