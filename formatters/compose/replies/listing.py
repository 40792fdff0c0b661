"""What /subscriptions, /unsubscribe, /pause and /resume answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from formatters.catalogue import say
from formatters.compose.replies.subscribing import option_facts
from formatters.compose.replies.words import (
    button,
    date_words,
    faint,
    joined,
    line,
    to_list,
)
from formatters.document import (
    Block,
    Button,
    Buttons,
    Document,
    Facts,
    Span,
    Style,
    Text,
    Title,
    plain,
)
from storage.models import Chat, Lang, Subscription


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list."""

    name: str
    subscription: Subscription
    may_change: bool
    """Whether who asks may change it."""


def listed(rows: Sequence[Listed], chat: Chat, today: date) -> Document:
    """All subscriptions, numbered, each with its options and its buttons."""
    lang = chat.lang
    blocks: list[Block] = [Title(plain(say("list.title", lang, n=len(rows))))]
    for number, row in enumerate(rows, 1):
        blocks.append(Text((Span(f"{number}. {row.name}", Style.STRONG),)))
        blocks.append(Facts(tuple(option_facts(row.subscription, chat, lang))))
        blocks.append(_row_buttons(number, row, lang))
    until = _paused_until(rows, today)
    if until is not None:
        blocks.append(_pause_line(until, lang))
    if all(row.may_change for row in rows):
        pause = button("pause", "/pause 7d", lang, turns=True)
        blocks.append(Buttons((_resume(lang) if until else pause,)))
    return Document(tuple(blocks))


def nothing_subscribed(lang: Lang) -> Document:
    """There is no subscription yet, and how to make one."""
    return Document((line("list.none", lang), Buttons((button("topics", "/topics", lang),))))


def unsubscribed(names: Sequence[str], left: int, again: str | None, lang: Lang) -> Document:
    """What was removed; `again` is the command that brings it back."""
    undo = () if again is None else (button("undo", again, lang, turns=True),)
    return Document(
        (
            line("list.removed", lang, names=joined(names, lang)),
            faint("list.left", lang, n=left),
            Buttons((*undo, to_list(lang))),
        )
    )


def paused(until: date, count: int, lang: Lang) -> Document:
    """Until when nothing comes."""
    return Document(
        (
            _pause_line(until, lang),
            faint("pause.kept", lang, n=count),
            Buttons((_resume(lang), to_list(lang))),
        )
    )


def not_paused(lang: Lang) -> Document:
    """There was no pause to end."""
    return Document((line("pause.not_paused", lang), Buttons((to_list(lang),))))


def resumed(announced: int, lang: Lang) -> Document:
    """How much was announced meanwhile, and that one digest catches up."""
    blocks: list[Block] = [line("pause.resumed", lang)]
    if announced:
        blocks.append(line("pause.meanwhile", lang, n=announced))
    return Document((*blocks, Buttons((button("digest", "/digest", lang), to_list(lang)))))


def _row_buttons(number: int, row: Listed, lang: Lang) -> Buttons:
    """They name the number that they belong to: a platform may gather all of them at the end."""
    key = row.subscription.key
    send = button("send_number", f"/digest #{key}", lang, n=number)
    if not row.may_change:
        return Buttons((send,))
    change = button("change_number", f"/choose #{key}", lang, turns=True, n=number)
    delete = button("delete_number", f"/unsubscribe #{key}", lang, turns=True, n=number)
    return Buttons((send, change, delete))


def _resume(lang: Lang) -> Button:
    return button("resume", "/resume", lang, turns=True)


def _paused_until(rows: Sequence[Listed], today: date) -> date | None:
    untils = [row.subscription.paused_until for row in rows]
    return max((until for until in untils if until is not None and until > today), default=None)


def _pause_line(until: date, lang: Lang) -> Text:
    if until == date.max:
        return line("pause.open", lang)
    return line("pause.until", lang, date=date_words(until, lang))
