"""A finished post, and its form in the outbox. Knows nothing of what it says."""

import json
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Post:
    """Blocks of Slack's Block Kit, not to be changed by who sends them."""

    text: str
    """The same for notifications and screen readers, which do not read the blocks."""
    blocks: tuple[Json, ...]


def to_payload(post: Post) -> str:
    """The post as compact JSON."""
    parts = {"text": post.text, "blocks": post.blocks}
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def from_payload(payload: str) -> Post:
    """The post that `to_payload` made this of."""
    parts = json.loads(payload)
    return Post(parts["text"], tuple(parts["blocks"]))


def merged(payload: str, card: str | None) -> Post:
    """A part's post: a shared card stands under the first block, above the other ones."""
    own = from_payload(payload)
    if card is None:
        return own
    shared = from_payload(card)
    first, rest = own.blocks[:1], own.blocks[1:]
    return Post(f"{own.text} {shared.text}", (*first, *shared.blocks, *rest))
