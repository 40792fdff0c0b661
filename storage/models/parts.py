"""Finished parts of messages on their way out."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from storage.models.chats import ChatKey, Platform

PartKey = NewType("PartKey", int)


class Operation(StrEnum):
    """What a part does on its platform."""

    POST = "post"
    EDIT = "edit"
    FILE = "file"


class PartState(StrEnum):
    """Where a part is on its way."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"
    """Twice it could not be known whether it arrived; it is not sent again."""
    REJECTED = "rejected"
    EXPIRED = "expired"
    """Too old to matter; the next digest covers it."""


@dataclass(frozen=True, slots=True)
class DraftPart:
    """A finished part on its way into the outbox.

    What arrives is `payload` followed by the shared payload named `card`, both in the
    platform's own finished form.
    """

    payload: str
    card: str | None = None
    """Key of a payload that many chats share; it must be stored in the same transaction."""
    operation: Operation = Operation.POST
    parent: int | None = None
    """Index of the earlier draft in the same batch that this one answers or edits."""
    about: str | None = None
    """The paper that talk beneath it is about, `2602.06043v2`: it is found by its reference."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part as delivery sees it."""

    key: PartKey
    chat: ChatKey
    platform: Platform
    address: str
    operation: Operation
    payload: str
    card: str | None
    """The shared payload itself."""
    parent_ref: str | None
    """The platform's reference of the parent, once it is sent."""
    attempts: int
    ambiguities: int
