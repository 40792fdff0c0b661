"""What may go wrong with a request to the loopback Slack, on switches."""

from dataclasses import dataclass, field
from enum import StrEnum

from slack_refusals import Refusal, too_many


class When(StrEnum):
    """How a fault shows."""

    REFUSED = "an error is answered, nothing happens"
    BROKEN = "a gateway's web page is answered"
    SILENT = "no answer"
    RESET = "the connection breaks"
    LATE = "it happens, later"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; made with the functions below."""

    when: When
    after_effect: bool = False
    """Whether what was asked for is done nevertheless."""
    refusal: Refusal | None = None
    code: int = 503
    delay: float = 0.0


def error(code: str, *, after_effect: bool = False) -> Fault:
    """`ok: false` with this error; `internal_error` may come after the effect."""
    return Fault(When.REFUSED, after_effect, Refusal(code))


def flood(retry_after: int) -> Fault:
    """429."""
    return Fault(When.REFUSED, refusal=too_many(retry_after))


def broken(code: int = 503, *, after_effect: bool = False) -> Fault:
    """5xx with a web page."""
    return Fault(When.BROKEN, after_effect, code=code)


def silent(*, after_effect: bool) -> Fault:
    """The request gets no answer, until the server closes or the client gives up."""
    return Fault(When.SILENT, after_effect)


def reset(*, after_effect: bool) -> Fault:
    """The connection breaks."""
    return Fault(When.RESET, after_effect)


def late(seconds: float) -> Fault:
    """Handled as usual, after real `seconds`."""
    return Fault(When.LATE, delay=seconds)


@dataclass(slots=True)
class _Switch:
    fault: Fault
    method: str
    channel: str | None
    left: int
    skip: int


@dataclass(slots=True)
class Switches:
    """The faults that are set."""

    _set: list[_Switch] = field(default_factory=list)

    def add(self, fault: Fault, method: str, channel: str | None, times: int, skip: int) -> None:
        self._set.append(_Switch(fault, method, channel, times, skip))

    def clear(self) -> None:
        self._set.clear()

    def take(self, method: str, channel: str | None) -> Fault | None:
        """The fault that this request meets; it is used up."""
        for each in self._set:
            wanted = each.method in ("", method) and each.channel in (None, channel)
            if not wanted or not each.left:
                continue
            if each.skip:
                each.skip -= 1
                return None
            each.left -= 1
            return each.fault
        return None
