"""/approve, /deny and /access: an admin decides who is let in; and what /claim answers.

That these are for admins alone is seen to where a command's handler is chosen.
"""

import re
from dataclasses import dataclass, replace

from bot.commands import gate
from bot.commands.asked import Asked
from bot.commands.request import Reply, Told
from formatters.compose.replies import access as said
from storage import access, chats
from storage.database import Tx
from storage.errors import UserError
from storage.models import Lang, Platform

REVOKE = "revoke"

_ROOM = re.compile(r"(?:(?P<platform>[a-z]+):)?(?P<room>-?[0-9A-Za-z]{1,40})")


@dataclass(frozen=True, slots=True)
class Room:
    """A room that a decision is about."""

    platform: Platform
    room: str

    def shown(self, title: str = "") -> said.Room:
        """As the admin sees it."""
        return said.Room(f"{self.platform}:{self.room}", title)


async def claim(asked: Asked) -> Reply:
    """What an admin can do. The code itself is looked at before anything else is."""
    return asked.to_person(said.admin(asked.lang))


async def approve(asked: Asked) -> Reply:
    """Let a room in, and tell it so."""
    room = _named(asked, asked.argument)
    refusal = asked.context.refusals.of(room.platform, room.room)
    before, title, lang = await asked.change(
        _approve, asked, room, refusal.title if refusal else ""
    )
    asked.context.refusals.forget(room.platform, room.room)
    reply = asked.to_person(said.approved(room.shown(title), asked.lang, before=before))
    if before or room.platform is not asked.request.platform:
        return reply
    lang = lang or (refusal.lang if refusal else asked.context.lang)
    if refusal is not None and refusal.asked_in:
        word = Told(refusal.asked_in, said.let_in(title or room.room, lang), lang)
    else:
        word = Told(room.room, said.welcome(lang), lang)
    return replace(reply, told=(word,))


async def deny(asked: Asked) -> Reply:
    """Keep a room out for good."""
    room = _named(asked, asked.argument)
    refusal = asked.context.refusals.of(room.platform, room.room)
    title = await asked.change(_deny, asked, room, refusal.title if refusal else "")
    return asked.to_person(said.denied(room.shown(title), asked.lang))


async def show_access(asked: Asked) -> Reply:
    """Who is let in; `revoke ROOM` lets one in no longer."""
    word, _, rest = asked.argument.partition(" ")
    if word.casefold() == REVOKE:
        await asked.change(_revoke, asked, _named(asked, rest.strip()))
    elif word:
        raise UserError("access.no_room", typed=word[:40])
    rules = asked.context.access
    granted = await asked.read(access.granted)
    entries = [said.Entry(said.Room(room, ""), from_settings=True) for room in sorted(rules.rooms)]
    entries += [
        said.Entry(Room(grant.platform, grant.room).shown(grant.title)) for grant in granted
    ]
    return asked.to_person(said.listed(entries, asked.lang, is_open=rules.open))


def _named(asked: Asked, typed: str) -> Room:
    """The room of `telegram:-100123`, or of `-100123` on the asker's platform."""
    found = _ROOM.fullmatch(typed)
    platform = found["platform"] or asked.request.platform if found else ""
    if found is None or platform not in set(Platform) - {Platform.TERMINAL}:
        raise UserError("access.no_room", typed=typed[:40])
    return Room(Platform(platform), found["room"])


def _approve(tx: Tx, asked: Asked, room: Room, title: str) -> tuple[bool, str, Lang | None]:
    """Whether it was let in before, what it is called, and the language that it speaks."""
    rules, admins = asked.context.access, frozenset(access.admins(tx))
    decision = access.decision(tx, room.platform, room.room)
    judged = gate.verdict(room.platform, room.room, rules, decision, admins)
    title = _title(tx, room) or title
    gate.let_in(tx, room.platform, room.room, title, asked.now)
    known = chats.of_room(tx, room.platform, room.room)
    return judged is gate.Verdict.LET_IN, title, known[0].lang if known else None


def _deny(tx: Tx, asked: Asked, room: Room, title: str) -> str:
    _must_depend_on_us(tx, asked, room)
    title = _title(tx, room) or title
    gate.deny(tx, room.platform, room.room, title, asked.now)
    return title


def _revoke(tx: Tx, asked: Asked, room: Room) -> None:
    _must_depend_on_us(tx, asked, room)
    gate.revoke(tx, room.platform, room.room)


def _must_depend_on_us(tx: Tx, asked: Asked, room: Room) -> None:
    """Raise UserError for a room that is let in whatever is decided here."""
    rules = asked.context.access
    if room.room in rules.rooms:
        raise UserError("access.in_settings", room=room.room)
    if gate.is_own_chat(room.platform, room.room, rules, frozenset(access.admins(tx))):
        raise UserError("access.own_chat", room=room.room)


def _title(tx: Tx, room: Room) -> str:
    same = (g for g in access.granted(tx) if (g.platform, g.room) == (room.platform, room.room))
    return next((grant.title for grant in same), "")
