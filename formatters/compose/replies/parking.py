"""What the makers of a parked chat's subscriptions are told: what happened, and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass

from formatters.catalogue import say
from formatters.compose.replies.access import one_line
from formatters.compose.replies.words import faint, joined, line
from formatters.document import Document
from formatters.text import truncate
from storage.models import Lang, OutOfReach, Platform

MOST_NAMED = 10
LONGEST_TOPIC = 80

WAYS: Mapping[OutOfReach | None, str] = {
    OutOfReach.REMOVED: "add",
    OutOfReach.NOT_IN_CHANNEL: "add",
    OutOfReach.BLOCKED: "unblock",
    OutOfReach.ARCHIVED: "unarchive",
    OutOfReach.NO_RIGHTS: "rights",
    OutOfReach.DELETED: "elsewhere",
    None: "other",
}
"""What is to be done about each cause."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A chat that nothing can be sent to any more, as one of its makers knows it."""

    platform: Platform
    room: str
    title: str
    """What it is called; empty where that is not known."""
    topics: tuple[str, ...]
    """Those that this person subscribed it to, by their names."""
    cause: OutOfReach | None
    detail: str
    """The platform's own words, for a cause that has none of ours."""


def parked(lost: Lost, lang: Lang) -> Document:
    """What happened, which subscriptions rest, and how they come back."""
    topics = [truncate(topic, LONGEST_TOPIC) for topic in lost.topics[:MOST_NAMED]]
    if len(lost.topics) > MOST_NAMED:
        topics.append("…")
    return Document(
        (
            line("parking.lost", lang, chat=_chat(lost, lang), why=_why(lost, lang)),
            line("parking.rest", lang, n=len(lost.topics), topics=joined(topics, lang)),
            faint(_way(lost), lang, resume=_resume(lost.platform, lang)),
        )
    )


def _chat(lost: Lost, lang: Lang) -> str:
    if lost.title:
        return say("parking.titled", lang, title=one_line(lost.title))
    return say("parking.untitled", lang, room=lost.room)


def _why(lost: Lost, lang: Lang) -> str:
    if lost.cause is None:
        return one_line(lost.detail).rstrip(".")
    return say(f"parking.why_{lost.cause}", lang)


def _way(lost: Lost) -> str:
    way = WAYS[lost.cause]
    if way == "add" and lost.platform is Platform.SLACK:
        way = "invite"
    return f"parking.back_{way}"


def _resume(platform: Platform, lang: Lang) -> str:
    """The command as it is heard in a room of that platform."""
    return say("parking.mention" if platform is Platform.SLACK else "parking.slash", lang)
