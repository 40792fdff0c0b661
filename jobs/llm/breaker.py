"""A circuit breaker: a provider that is down is left alone for a while. Pure; time is given."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

PATIENCE = 3
"""Failures in a row that open it."""
SHORTEST, LONGEST = timedelta(minutes=2), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Breaker:
    """What is known of a provider's health; each event gives a new one."""

    failures: int = 0
    """In a row, since the last success."""
    pause: timedelta = SHORTEST
    """How long the next opening lasts; doubles each time."""
    open_until: datetime | None = None

    def allows(self, now: datetime) -> bool:
        """Whether to ask: it is closed, or its pause is over and one may try."""
        return self.open_until is None or now >= self.open_until

    def succeeded(self) -> "Breaker":
        """Closed, and all forgotten."""
        return Breaker()

    def failed(self, now: datetime, *, fatal: bool = False) -> "Breaker":
        """One failure more. `fatal`: the next call would fail alike, so it opens at once."""
        failures = self.failures + 1
        if not fatal and failures < PATIENCE and self.open_until is None:
            return replace(self, failures=failures)
        if self.open_until is not None and now < self.open_until:
            return self  # a call that was under way when it opened
        longer = min(self.pause * 2, LONGEST)
        return Breaker(failures, longer, now + self.pause)
