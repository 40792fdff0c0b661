"""What is said at the door: refusals, the admin's questions and answers, a word to the hasty.

Titles of chats and names of people are anybody's text: plain, on one line, cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from formatters.catalogue import say
from formatters.compose.replies.words import button, faint, line
from formatters.document import (
    Block,
    Buttons,
    Document,
    Facts,
    Inline,
    Span,
    Style,
    Text,
    Title,
    plain,
)
from formatters.text import strip_controls, truncate
from storage.models import Lang

LONGEST_NAME = 64
MOST_LISTED = 30


@dataclass(frozen=True, slots=True)
class Room:
    """A room as an admin sees it."""

    id: str
    """`telegram:-1001234567890`, as commands name it."""
    title: str
    """Empty where it is not known, and for somebody's private chat."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of those who are let in."""

    room: Room
    from_settings: bool = False


def refused(room: str, lang: Lang, *, denied: bool, has_admin: bool) -> Document:
    """Not let in, and who can change that."""
    if denied:
        return Document((line("access.refused", lang),))
    if has_admin:
        return Document((line("access.asked", lang),))
    return Document((line("access.ask_operator", lang, room=room),))


def notice(room: Room, asked_by: str, lang: Lang) -> Document:
    """The question to an admin."""
    title, asker = one_line(room.title), one_line(asked_by)
    pairs: list[tuple[str, Inline]] = []
    if title:
        pairs.append((say("access.chat", lang), plain(title)))
    if asker:
        pairs.append((say("access.person", lang), plain(asker)))
    pairs.append((say("access.room", lang), (_code(room),)))
    buttons = (
        button("approve", f"/approve {room.id}", lang, turns=True),
        button("deny", f"/deny {room.id}", lang, turns=True),
    )
    head = say("access.notice" if title else "access.notice_person", lang)
    return Document((Title(plain(head)), Facts(tuple(pairs)), Buttons(buttons)))


def admin(lang: Lang) -> Document:
    """What an admin can do."""
    return Document(
        (
            Title(plain(say("access.admin", lang))),
            line("access.admin_groups", lang),
            faint("access.admin_list", lang),
        )
    )


def approved(room: Room, lang: Lang, *, before: bool) -> Document:
    """A room is let in, and the way to take that back."""
    key = "access.approved_before" if before else "access.approved"
    deny = button("deny", f"/deny {room.id}", lang, turns=True)
    return Document((Text((Span(say(key, lang)), *_named(room))), Buttons((deny,))))


def denied(room: Room, lang: Lang) -> Document:
    """A room stays out, and the way to take that back."""
    approve = button("approve", f"/approve {room.id}", lang, turns=True)
    return Document(
        (
            Text((Span(say("access.denied", lang)), *_named(room))),
            faint("access.denied_what", lang),
            Buttons((approve,)),
        )
    )


def let_in(title: str, lang: Lang) -> Document:
    """To who asked for a room from another chat."""
    return Document((line("access.let_in", lang, chat=title),))


def welcome(lang: Lang) -> Document:
    """To a room that was let in: what to do first."""
    buttons = (button("topics", "/topics", lang), button("help", "/help", lang))
    return Document((line("access.welcome", lang), line("start.first", lang), Buttons(buttons)))


def welcome_back(subscriptions: int, lang: Lang) -> Document:
    """To a chat that was out of reach and speaks again."""
    buttons = (
        button("resume", "/resume", lang, turns=True),
        button("unsubscribe_all", "/unsubscribe all", lang, turns=True),
    )
    return Document((line("back.welcome", lang, n=subscriptions), Buttons(buttons)))


def listed(entries: Sequence[Entry], lang: Lang, *, is_open: bool) -> Document:
    """Who is let in, each with its button where the settings leave that open."""
    blocks: list[Block] = [Title(plain(say("access.list", lang, n=len(entries))))]
    if is_open:
        blocks.append(faint("access.open", lang))
    for number, entry in enumerate(entries[:MOST_LISTED], 1):
        blocks += _entry(number, entry, lang)
    if len(entries) > MOST_LISTED:
        blocks.append(faint("access.unlisted", lang, n=len(entries) - MOST_LISTED))
    blocks.append(faint("access.how", lang))
    return Document(tuple(blocks))


def slowly(seconds: int, lang: Lang) -> Document:
    """A word to somebody who asks too much at once."""
    return Document((line("flood.slowly", lang, n=seconds),))


def one_line(text: str) -> str:
    """Anybody's text as a short line without hostile signs."""
    return truncate(" ".join(strip_controls(text).split()), LONGEST_NAME)


def _entry(number: int, entry: Entry, lang: Lang) -> list[Block]:
    row = (Span(f"{number}. "), *_named(entry.room))
    if entry.from_settings:
        return [Text((*row, Span(f" · {say('access.from_settings', lang)}", Style.FAINT)))]
    command = f"/access revoke {entry.room.id}"
    revoke = button("revoke_number", command, lang, turns=True, n=number)
    return [Text(row), Buttons((revoke,))]


def _named(room: Room) -> Inline:
    title = one_line(room.title)
    return (Span(f"{title} · "), _code(room)) if title else (_code(room),)


def _code(room: Room) -> Span:
    return Span(room.id, Style.CODE)
