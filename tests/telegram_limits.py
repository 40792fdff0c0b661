"""How fast a bot may send: overall, to one chat, to one group or channel.

Pure: the time comes in with each call, so that a benchmark can run it faster than life.
"""

from collections import defaultdict, deque
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Rates:
    """What Telegram allows; a number of None allows everything."""

    overall: int | None = 30
    """Messages in any second."""
    chat: float | None = 1.0
    """Messages a second to one chat, in the long run …"""
    burst: int = 3
    """… of which so many may come at once."""
    group: int | None = 20
    """Messages in any minute to one group or channel."""
    slack: float = 0.05
    """Seconds that are forgiven, as the network delivers not exactly as it was sent."""


class Limits:
    """The accounts of what has been sent."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self._overall: deque[float] = deque()
        self._groups: dict[int, deque[float]] = defaultdict(deque)
        self._buckets: dict[int, tuple[float, float]] = {}

    def take(self, chat: int, now: float) -> float:
        """Account for a message to `chat`: 0, or how many seconds too soon it is (then it is not
        accounted for).
        """
        rates, waits = self.rates, [0.0]
        if rates.overall:
            waits.append(self._wait(self._overall, now, 1.0, rates.overall))
        if rates.group and chat < 0:
            waits.append(self._wait(self._groups[chat], now, 60.0, rates.group))
        left = self._left(chat, now)
        if rates.chat and left < 1 - rates.slack * rates.chat:
            waits.append((1 - left) / rates.chat)
        if (wait := max(waits)) > 0:
            return wait
        self._overall.append(now)
        self._groups[chat].append(now)
        self._buckets[chat] = (left - 1, now)
        return 0.0

    def _wait(self, sent: deque[float], now: float, window: float, most: int) -> float:
        window -= self.rates.slack
        while sent and sent[0] <= now - window:
            sent.popleft()
        return sent[len(sent) - most] + window - now if len(sent) >= most else 0.0

    def _left(self, chat: int, now: float) -> float:
        if not self.rates.chat or chat not in self._buckets:
            return float(self.rates.burst)
        left, then = self._buckets[chat]
        return min(self.rates.burst, left + (now - then) * self.rates.chat)


def whole_seconds(wait: float) -> int:
    """As Telegram states it."""
    return max(1, ceil(wait))
