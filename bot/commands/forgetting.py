"""/forget: hand out what is kept of this chat and this person, then erase it."""

import json
from dataclasses import asdict
from typing import Any

from bot.commands.asked import UNSTORED, Asked
from bot.commands.request import Reply
from formatters.compose.replies.forgetting import announced, erased
from formatters.file import File
from storage import analyses, chats, digests, shelf, subscriptions
from storage.database import Tx

CONFIRMED = frozenset({"yes", "确认", "是"})
FILE_NAME = "paperround-kept.json"


async def forget(asked: Asked) -> Reply:
    """What is kept, as a file; with `yes`, erase it.

    Who may not manage the chat gets and erases what is kept of the person alone.
    """
    whole_chat = await asked.request.may_manage()
    if asked.argument.casefold() in CONFIRMED:
        await asked.change(_erase, asked, whole_chat=whole_chat)
        return asked.to_person(erased(chat=whole_chat, lang=asked.lang))
    kept = await asked.read(_kept, asked, whole_chat=whole_chat)
    file = File(FILE_NAME, json.dumps(kept, ensure_ascii=False, indent=2, default=str) + "\n")
    document = announced(
        chat=whole_chat,
        subscriptions=len(kept.get("subscriptions", ())),
        saved=len(kept["saved"]),
        votes=len(kept["votes"]),
        file=file.name,
        lang=asked.lang,
    )
    return asked.to_person(document, file)


def _erase(tx: Tx, asked: Asked, *, whole_chat: bool) -> None:
    shelf.erase(tx, asked.request.person)
    subscriptions.disown(tx, asked.request.person)
    analyses.disown(tx, asked.request.person)
    if whole_chat and asked.chat.key != UNSTORED:
        chats.erase(tx, asked.chat.key)


def _kept(tx: Tx, asked: Asked, *, whole_chat: bool) -> dict[str, Any]:
    """Everything that is kept, as JSON has it."""
    person = asked.request.person
    kept: dict[str, Any] = {
        "person": person,
        "saved": shelf.saved(tx, person),
        "votes": [{"paper": paper, "value": value} for paper, value in shelf.votes_of(tx, person)],
    }
    if whole_chat and asked.chat.key != UNSTORED:
        kept["chat"] = asdict(asked.chat)
        kept["subscriptions"] = [asdict(s) for s in subscriptions.of_chat(tx, asked.chat.key)]
        kept["digests"] = [asdict(digest) for digest in digests.of_chat(tx, asked.chat.key)]
        kept["seen"] = digests.all_seen(tx, asked.chat.key)
    return kept
