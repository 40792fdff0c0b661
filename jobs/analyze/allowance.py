"""How often a person and a chat may have an engine at work. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from storage.analyses import Uses
from storage.errors import UserError

DAY = timedelta(days=1)
"""The allowance is for any span of this length, so that no hour refills it at once."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Within a day; None: as often as they like."""

    by_person: int | None = None
    by_chat: int | None = None

    def check(self, uses: Uses, by_person: str, by_chat: str) -> None:
        """Raise UserError with one of these keys where it is used up."""
        for done, most, key in (
            (uses.by_person, self.by_person, by_person),
            (uses.by_chat, self.by_chat, by_chat),
        ):
            if most is not None and done >= most:
                raise UserError(key, n=most)


@dataclass(frozen=True, slots=True)
class Allowances:
    """For each kind of work."""

    analyze: Allowance = Allowance()
    ask: Allowance = Allowance()
