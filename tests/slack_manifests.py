"""The manifests at the root of the repository, read by a reader that takes little of YAML.

What it takes means the same to every YAML reader: mappings and lists by indentation; values
plain or, where they have other signs than an identifier's, as JSON strings.
"""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PLAIN = re.compile(r"[A-Za-z0-9_/][A-Za-z0-9_/:. -]*")
PAIR = re.compile(r"(?P<key>[a-z_]+):(?: (?P<value>\S.*))?")
WORDS = {"true": True, "false": False}

Line = tuple[int, str]


def manifest(name: str = "slack-manifest.yaml") -> dict[str, Any]:
    """The manifest of this name."""
    lines = [
        (len(line) - len(line.lstrip()), line.strip())
        for line in (ROOT / name).read_text("utf-8").splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]
    value = _value(lines)
    assert not lines, f"{name}: not understood from {lines[0]} on"
    assert isinstance(value, dict)
    return value


def _value(lines: list[Line]) -> Any:
    """What stands at the indentation of the first line."""
    indent, text = lines[0]
    return _list(lines, indent) if text.startswith("- ") else _mapping(lines, indent)


def _list(lines: list[Line], indent: int) -> list[Any]:
    items: list[Any] = []
    while lines and lines[0][0] == indent and lines[0][1].startswith("- "):
        item = lines[0][1].removeprefix("- ")
        if PAIR.fullmatch(item):
            lines[0] = indent + 2, item
            items.append(_mapping(lines, indent + 2))
        else:
            lines.pop(0)
            items.append(_scalar(item))
    return items


def _mapping(lines: list[Line], indent: int) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    while lines and lines[0][0] == indent and not lines[0][1].startswith("- "):
        found = PAIR.fullmatch(lines.pop(0)[1])
        assert found, "a pair is `key: value`"
        assert found["key"] not in pairs, f"{found['key']} is there twice"
        if found["value"] is not None:
            pairs[found["key"]] = _scalar(found["value"])
        else:
            assert lines[0][0] > indent, f"{found['key']} has no value"
            pairs[found["key"]] = _value(lines)
    return pairs


def _scalar(text: str) -> Any:
    if text.startswith('"'):
        return json.loads(text)
    assert PLAIN.fullmatch(text), f"{text} belongs in quotes"
    assert ": " not in text, f"{text} belongs in quotes"
    return int(text) if text.isdecimal() else WORDS.get(text, text)
