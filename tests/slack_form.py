"""Whether a post has the form that ours have: within our budgets, and without any markup."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from slack_checks import message
from slack_sdk.models.blocks import Block
from slack_texts import Reading, blocks, mrkdwn

from formatters.slack import Post, read_tap

MOST_BLOCKS, MOST_CHARACTERS, MOST_IN_BLOCK = 40, 9_000, 3_000
LONGEST_TEXT = 3_000
LIMITS = {"header": 150, "button": 75}
ADDRESS = re.compile(r"https?://[!-;=?-~]{1,2990}")
CALLING = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)|(?<!\w)@\w|://")
"""What Slack would read more into than words."""
TEXTS = {"text", "link", "plain_text"}
KINDS = {"header", "context", "rich_text", "actions"}


def read(post: Post, *, thoroughly: bool = True) -> Reading:
    """What the post shows, once it is sure that Slack takes it; `thoroughly`: by every judge."""
    notes: list[str] = []
    if thoroughly:
        message({"text": post.text, "blocks": list(post.blocks)}, notes.append)
        assert [link for link in mrkdwn(post.text).links if "://" in link.url] == []
    assert notes == []
    assert len(post.blocks) <= MOST_BLOCKS
    assert judge(post.blocks, thoroughly=thoroughly) <= MOST_CHARACTERS
    assert 0 < len(post.text) <= len(post.text.encode()) <= LONGEST_TEXT
    assert not CALLING.search(post.text)
    return blocks(post.blocks)


def judge(found: Sequence[dict[str, Any]], *, thoroughly: bool = True) -> int:
    """Blocks of a message or a Home tab: all that Slack may count of them, texts and addresses."""
    total, taps = 0, []
    for block in found:
        assert block["type"] in KINDS
        if thoroughly:
            Block.parse(block).validate_json()
        size = 0
        for item in objects(block):
            size += checked(item)
            taps += [item] if item["type"] == "button" else []
        assert 0 < size <= MOST_IN_BLOCK
        total += size
    assert len({tap["action_id"] for tap in taps}) == len(taps)
    assert all(0 < len(tap["value"]) <= 2_000 and read_tap(tap["value"]).command for tap in taps)
    return total


def checked(item: dict[str, Any]) -> int:
    """What an object counts by itself."""
    kind = item["type"]
    if kind in TEXTS:
        assert item["text"]
        assert kind != "link" or ADDRESS.fullmatch(item["url"])
        return len(item["text"]) + len(item.get("url", ""))
    assert kind != "mrkdwn"
    assert kind != "actions" or 0 < len(item["elements"]) <= 25
    assert kind not in LIMITS or len(item["text"]["text"]) <= LIMITS[kind]
    return 0


def objects(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """An object and all within it."""
    yield item
    for inside in (item.get("elements", ()), item.get("text", ())):
        for each in [inside] if isinstance(inside, dict) else inside:
            if isinstance(each, dict):
                yield from objects(each)
