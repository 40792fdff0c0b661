"""What follows `?start=` in a link to the bot: 64 characters of `A-Za-z0-9_-`. Pure.

`sub_…` and `claim_…` are the commands' own; here are papers, which may be seen in the
light of a group's digest.
"""

import re

from jobs.arxiv_ids import parse_paper_id

_PAPER = re.compile(r"paper_(?P<paper>[a-z0-9-]+(?:_[0-9]{7})?)(?:_(?P<chat>-[0-9]{1,20}))?")


def to_paper(paper: str, chat: int | None = None) -> str:
    """The payload that opens a paper, with the chat in whose digest it stands."""
    known = f"paper_{paper.replace('.', '-').replace('/', '_')}"
    return known if chat is None else f"{known}_{chat}"


def read_paper(payload: str) -> tuple[str, int | None] | None:
    """The paper and the chat of a payload; None when it is something else."""
    found = _PAPER.fullmatch(payload)
    if found is None:
        return None
    archive, slash, number = found["paper"].partition("_")
    paper = f"{archive}/{number}" if slash else archive.replace("-", ".")
    if parse_paper_id(paper) is None:
        return None
    return paper, int(found["chat"]) if found["chat"] else None


def link(username: str, payload: str) -> str:
    """The address that opens the bot with a payload."""
    return f"https://t.me/{username}?start={payload}"
