"""What may go wrong with a request to the loopback Telegram, on switches."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from telegram_refusals import Refusal, bad_request, forbidden, too_many


class When(StrEnum):
    """How a fault shows."""

    REFUSED = "an error is answered, nothing happens"
    SILENT_BEFORE = "no answer, nothing happens"
    SILENT_AFTER = "it happens, but no answer comes"
    RESET_AFTER = "it happens, and the connection breaks"
    BROKEN = "a gateway's web page is answered, nothing happens"
    LATE = "it happens, later"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; made with the functions below."""

    when: When
    refusal: Refusal | None = None
    code: int = 502
    delay: float = 0.0


def flood(retry_after: int) -> Fault:
    """429."""
    return Fault(When.REFUSED, too_many(retry_after))


def denied(description: str = "bot was blocked by the user") -> Fault:
    """403."""
    return Fault(When.REFUSED, forbidden(description))


def bad(description: str, **parameters: Any) -> Fault:
    """400."""
    return Fault(When.REFUSED, bad_request(description, **parameters))


def broken(code: int = 502) -> Fault:
    """500: Telegram's own words; 502 and the like: a web page."""
    if code == 500:
        return Fault(When.REFUSED, Refusal(500, "Internal Server Error: restart"))
    return Fault(When.BROKEN, code=code)


def silent(*, after_effect: bool) -> Fault:
    """The request gets no answer, until the server closes or the client gives up."""
    return Fault(When.SILENT_AFTER if after_effect else When.SILENT_BEFORE)


def reset() -> Fault:
    """The connection breaks after the effect."""
    return Fault(When.RESET_AFTER)


def late(seconds: float) -> Fault:
    """Handled as usual, after real `seconds`."""
    return Fault(When.LATE, delay=seconds)


@dataclass(slots=True)
class _Switch:
    fault: Fault
    method: str
    chat: int | None
    left: int
    skip: int


@dataclass(slots=True)
class Switches:
    """The faults that are set."""

    _set: list[_Switch] = field(default_factory=list)

    def add(self, fault: Fault, method: str, chat: int | None, times: int, skip: int) -> None:
        self._set.append(_Switch(fault, method.lower(), chat, times, skip))

    def clear(self) -> None:
        self._set.clear()

    def take(self, method: str, chat: int | None) -> Fault | None:
        """The fault that this request meets; it is used up."""
        for each in self._set:
            wanted = each.method in ("", method.lower()) and each.chat in (None, chat)
            if not wanted or not each.left:
                continue
            if each.skip:
                each.skip -= 1
                return None
            each.left -= 1
            return each.fault
        return None
