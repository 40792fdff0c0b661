"""What the loopback Slack answers when it says no: the Web API's error codes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Refusal(Exception):
    """An answer that is not ok; most come with status 200."""

    error: str
    messages: tuple[str, ...] = ()
    """What `response_metadata` explains."""
    more: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        answer = {"ok": False, "error": self.error} | self.more
        if self.messages:
            answer["errors"] = list(self.messages)
            told = [f"[ERROR] {each}" for each in self.messages]
            answer["response_metadata"] = {"messages": told}
        return answer


def refused(error: str, problems: Iterable[str]) -> None:
    """Raise `error` if there are problems."""
    if found := tuple(problems):
        raise Refusal(error, found)


def too_many(seconds: int) -> Refusal:
    return Refusal("ratelimited", status=429, headers={"Retry-After": str(seconds)})


def missing_scope(needed: Iterable[str], provided: Iterable[str]) -> Refusal:
    told = {"needed": ",".join(needed), "provided": ",".join(sorted(provided))}
    return Refusal("missing_scope", more=told)
