"""Questions that wait for an answer in plain text, each for one person in one chat.

Pure; the time is given. They live in memory: after a restart a button asks again.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.commands.names import Name
from bot.commands.request import Request

PATIENCE = timedelta(minutes=15)
MOST_KEPT = 1_000
"""Questions remembered; of more, the oldest go."""
PLACE = "{}"
WHICH_PAPER = f"/{Name.ANALYZE} {PLACE}"
"""The question that an id by itself answers."""

_Whose = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Pending:
    template: str
    asked: datetime


class Questions:
    """What was asked and of whom."""

    def __init__(self) -> None:
        self._pending: OrderedDict[_Whose, _Pending] = OrderedDict()

    def ask(self, request: Request, template: str, now: datetime) -> None:
        """Wait for who said this to complete the template; an earlier question is dropped."""
        self.drop(request)
        self._pending[_whose(request)] = _Pending(template, now)
        if len(self._pending) > MOST_KEPT:
            self._pending.popitem(last=False)

    def pending(self, request: Request, now: datetime) -> str | None:
        """The template that plain text from who says this would complete."""
        found = self._pending.get(_whose(request))
        if found is None:
            return None
        if not timedelta(0) <= now - found.asked < PATIENCE:
            self.drop(request)
            return None
        return found.template

    def drop(self, request: Request) -> None:
        """Wait no longer."""
        self._pending.pop(_whose(request), None)


def completed(template: str, answer: str) -> str:
    """The command that an answer makes of a question's template."""
    return template.replace(PLACE, answer.strip())


def _whose(request: Request) -> _Whose:
    return (request.platform, request.address, request.person)
