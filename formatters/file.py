"""A text file on its way to a chat, and its form in the outbox."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """A file that comes with a reply, or stands in a chat of its own."""

    name: str
    content: str


def file_payload(file: File) -> str:
    """The file as compact JSON."""
    parts = {"name": file.name, "content": file.content}
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def from_file_payload(payload: str) -> File:
    """The file that `file_payload` made this of."""
    parts = json.loads(payload)
    return File(parts["name"], parts["content"])
