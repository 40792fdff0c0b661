"""The phrases of `jobs/verify.toml`, compiled at first use."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_PART = re.compile(r"<<([a-z_]+)>>")


@cache
def patterns(name: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of a list, one each."""
    return tuple(re.compile(said, re.IGNORECASE) for said in _listed()[name])


@cache
def pattern(name: str) -> re.Pattern[str]:
    """A list as one pattern."""
    return re.compile("|".join(_listed()[name]), re.IGNORECASE)


@cache
def _listed() -> Mapping[str, tuple[str, ...]]:
    text = files("jobs").joinpath("verify.toml").read_text("utf-8")
    tables = tomllib.loads(text)["phrases"]
    parts: dict[str, list[str]] = tables.pop("parts")

    def whole(said: str) -> str:
        return _PART.sub(lambda part: f"(?:{'|'.join(map(whole, parts[part[1]]))})", said)

    return {name: tuple(map(whole, said)) for name, said in tables.items()}
