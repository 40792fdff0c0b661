"""How much one person may ask at a time: a window that slides. Pure; the time is given."""

import math
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SPAN = timedelta(seconds=10)
MOST_TYPED = 10
MOST_TAPPED = 30
MOST_KEPT = 10_000
"""Windows remembered; of more, those idle for longest go."""


@dataclass(frozen=True, slots=True)
class Slowed:
    """It was too much; nothing is answered for a while."""

    seconds: int
    """Until the window has room again."""
    silent: bool
    """The person was told already."""


@dataclass(slots=True)
class _Window:
    admitted: deque[datetime] = field(default_factory=deque)
    told: datetime | None = None


class Floods:
    """The windows of all people, one for what they type and one for what they tap."""

    def __init__(self) -> None:
        self._windows: OrderedDict[tuple[str, bool], _Window] = OrderedDict()

    def admit(self, person: str, now: datetime, *, tapped: bool = False) -> Slowed | None:
        """Count one request; None: it may be answered. What is slowed does not count."""
        window = self._window(person, tapped=tapped)
        while window.admitted and not _recent(window.admitted[0], now):
            window.admitted.popleft()
        if len(window.admitted) < (MOST_TAPPED if tapped else MOST_TYPED):
            window.admitted.append(now)
            return None
        silent = window.told is not None and _recent(window.told, now)
        if not silent:
            window.told = now
        left = window.admitted[0] + SPAN - now
        return Slowed(math.ceil(left.total_seconds()), silent)

    def _window(self, person: str, *, tapped: bool) -> _Window:
        window = self._windows.setdefault((person, tapped), _Window())
        self._windows.move_to_end((person, tapped))
        if len(self._windows) > MOST_KEPT:
            self._windows.popitem(last=False)
        return window


def _recent(moment: datetime, now: datetime) -> bool:
    """Within the window; a clock that was set back makes nothing recent."""
    return timedelta(0) <= now - moment < SPAN
