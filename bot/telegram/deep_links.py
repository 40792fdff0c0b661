"""What follows `?start=` in a link to the bot: 64 characters of `A-Za-z0-9_-`. Pure.

`sub_…` and `claim_…` are the commands' own; here are papers, which may be seen in the
light of a group's digest.
"""

import re

from bot.telegram.places import Place
from jobs.arxiv_ids import parse_paper_id

_PAPER = re.compile(
    r"""paper_(?P<paper>[a-z0-9-]+(?:_[0-9]{7})?)
    (?:_(?P<chat>-[0-9]{1,20})(?:_(?P<thread>[0-9]{1,12}))?)?""",
    re.VERBOSE,
)


def to_paper(paper: str, chat: int | None = None, thread: int | None = None) -> str:
    """The payload that opens a paper, with the chat or topic in whose digest it stands."""
    named = (paper.replace(".", "-").replace("/", "_"), chat, thread)
    return "_".join(("paper", *(str(part) for part in named if part is not None)))


def read_paper(payload: str) -> tuple[str, str | None] | None:
    """The paper of a payload and the address of the chat; None when it is something else."""
    found = _PAPER.fullmatch(payload)
    if found is None:
        return None
    archive, slash, number = found["paper"].partition("_")
    paper = f"{archive}/{number}" if slash else archive.replace("-", ".")
    if parse_paper_id(paper) is None:
        return None
    if found["chat"] is None:
        return paper, None
    thread = int(found["thread"]) if found["thread"] else None
    return paper, Place(int(found["chat"]), thread).address


def link(username: str, payload: str) -> str:
    """The address that opens the bot with a payload."""
    return f"https://t.me/{username}?start={payload}"
