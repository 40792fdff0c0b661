"""How much a PDF may cost, and why one can't be read."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import Self

from storage.errors import BotError


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """What reading one PDF may take; beyond `pages` and `characters` the rest is left unread."""

    seconds: float = 60.0
    memory: int = 1_500_000_000
    """Bytes of address space."""
    pages: int = 200
    characters: int = 2_000_000
    file: int = 50 * 1024 * 1024
    """Bytes of the PDF."""

    def spelled(self) -> list[str]:
        """As a command's arguments."""
        return list(map(str, astuple(self)))

    @classmethod
    def from_arguments(cls, given: Sequence[str]) -> Self:
        """What `spelled` wrote."""
        seconds, *whole = given
        return cls(float(seconds), *map(int, whole))


class Cause(StrEnum):
    """Why a PDF can't be read: a key suffix under `lacks.` in the catalogue."""

    ENCRYPTED = "encrypted"
    SCANNED = "scanned"
    """Pictures of pages, without text."""
    EMPTY = "empty"
    """No pages, or nothing on them."""
    CORRUPTED = "corrupted"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    CRASHED = "crashed"


class Unreadable(BotError):
    """The PDF gave no text; `cause` says why."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause
