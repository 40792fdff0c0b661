"""How fast an app may call: each method of a workspace by its tier, posts by channel.

Pure: the time comes in with each call, so that a benchmark can run it faster than life.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from math import ceil

_TIERS = {
    "auth.test": 5,
    "apps.connections.open": 3,
    "bots.info": 3,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "reactions.add": 3,
    "team.info": 3,
    "users.info": 4,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}


@dataclass(frozen=True, slots=True)
class Rates:
    """What Slack allows; a number of None allows everything."""

    channel: float | None = 1.0
    """Posts a second to one channel, in the long run …"""
    burst: int = 3
    """… of which so many may come at once."""
    workspace: int | None = None
    """Posts a minute to all channels together; there is a cap, its number is not published."""
    tiers: dict[int, int] = field(default_factory=lambda: {1: 1, 2: 20, 3: 50, 4: 100, 5: 600})
    """Calls of one method in any minute, by tier."""
    slack: float = 0.05
    """Seconds that are forgiven, as the network delivers not exactly as it was sent."""


class Limits:
    """The accounts of what has been called; without rates, nothing is limited."""

    def __init__(self, rates: Rates | None) -> None:
        self.rates = rates
        self._calls: dict[str, deque[float]] = defaultdict(deque)
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, method: str, channel: str | None, now: float) -> int:
        """Account for a call: 0, or in how many whole seconds it may come again (then it is not
        accounted for).
        """
        if self.rates is None:
            return 0
        posting = method == "chat.postMessage"
        most = self.rates.workspace if posting else self.rates.tiers.get(_TIERS.get(method, 0))
        waits = [self._wait(self._calls[method], now, most)]
        if posting and channel:
            waits.append(self._short(channel, now))
        if (wait := max(waits)) > 0:
            return max(1, ceil(wait))
        self._calls[method].append(now)
        if posting and channel:
            self._buckets[channel] = (self._left(channel, now) - 1, now)
        return 0

    def _wait(self, calls: deque[float], now: float, most: int | None) -> float:
        window = 60.0 - self.rates.slack
        while calls and calls[0] <= now - window:
            calls.popleft()
        return calls[len(calls) - most] + window - now if most and len(calls) >= most else 0.0

    def _short(self, channel: str, now: float) -> float:
        rate, left = self.rates.channel, self._left(channel, now)
        return (1 - left) / rate if rate and left < 1 - self.rates.slack * rate else 0.0

    def _left(self, channel: str, now: float) -> float:
        if not self.rates.channel or channel not in self._buckets:
            return float(self.rates.burst)
        left, then = self._buckets[channel]
        return min(self.rates.burst, left + (now - then) * self.rates.channel)
