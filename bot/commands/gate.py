"""Who is let in: what it is judged by, the judgement, and how it is changed.

Access is granted to rooms: a group with all its threads, a channel, somebody's private chat.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.commands.request import AccessRules, Request
from storage import access, chats
from storage.database import Tx
from storage.models import Chat, Platform


class Verdict(StrEnum):
    """What becomes of somebody's words."""

    LET_IN = "let-in"
    STRANGER = "stranger"
    """Nobody has decided about the room."""
    DENIED = "denied"
    """An admin wants no paperround there."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database knows of a request's chat, its room and who may decide."""

    chat: Chat | None
    decision: bool | None
    admins: frozenset[str]


def look_up(tx: Tx, platform: Platform, address: str, room: str) -> Stored:
    """All that is to be known before an answer, in one transaction."""
    chat = chats.find(tx, platform, address)
    if platform is Platform.TERMINAL:
        return Stored(chat, None, frozenset())
    return Stored(chat, access.decision(tx, platform, room), frozenset(access.admins(tx)))


def room_of(request: Request) -> str:
    """What access is granted to."""
    return request.room or request.address


def is_private(request: Request) -> bool:
    """Whether the room is the asker's own: it is called as they are.

    A group or channel that speaks as itself is called as its room, too, with a minus.
    """
    return room_of(request) == bare(request.person) and not room_of(request).startswith("-")


def verdict(
    platform: Platform,
    room: str,
    rules: AccessRules,
    decision: bool | None,
    admins: frozenset[str],
) -> Verdict:
    """Whether a room is let in.

    One that an admin denied stays out where everybody else may come in; only settings that
    name it say otherwise.
    """
    if platform is Platform.TERMINAL or room in rules.rooms:
        return Verdict.LET_IN
    if decision or is_own_chat(platform, room, rules, admins):
        return Verdict.LET_IN
    if decision is False:
        return Verdict.DENIED
    return Verdict.LET_IN if rules.open else Verdict.STRANGER


def is_admin(person: str, rules: AccessRules, admins: frozenset[str]) -> bool:
    """Whether somebody decides who is let in; who sits at the terminal does."""
    platform, _, ident = person.partition(":")
    return platform == Platform.TERMINAL or person in admins or ident in rules.admins


def is_own_chat(platform: Platform, room: str, rules: AccessRules, admins: frozenset[str]) -> bool:
    """Whether a room is an admin's private chat, which is called as its person."""
    return room in rules.admins or f"{platform}:{room}" in admins


def bare(person: str) -> str:
    """A person's id as the platform has it."""
    return person.partition(":")[2]


def let_in(tx: Tx, platform: Platform, room: str, title: str, now: datetime) -> None:
    """Let a room in; digests that ended when it was shut out come again."""
    access.decide(tx, platform, room, allowed=True, title=title, now=now)
    reopen(tx, platform, room, chats.SHUT_OUT)


def deny(tx: Tx, platform: Platform, room: str, title: str, now: datetime) -> None:
    """Want no paperround in a room: its admin is not asked again."""
    access.decide(tx, platform, room, allowed=False, title=title, now=now)
    _shut_out(tx, platform, room)


def revoke(tx: Tx, platform: Platform, room: str) -> None:
    """Let a room in no longer; it may ask again."""
    access.revoke(tx, platform, room)
    _shut_out(tx, platform, room)


def reopen(tx: Tx, platform: Platform, room: str, reason: str) -> None:
    """Send again to the chats of a room that were parked for this reason."""
    for chat in chats.of_room(tx, platform, room):
        if chat.parked == reason:
            chats.park(tx, chat.key, None)


def _shut_out(tx: Tx, platform: Platform, room: str) -> None:
    for chat in chats.of_room(tx, platform, room):
        chats.park_reachable(tx, chat.key, chats.SHUT_OUT)
