"""Chinese characters in what people type: are there any, and their simplified form.

Pure apart from reading `traditional.toml` at first use. Knows single characters, not words.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters, for a class of a regular expression."""
_HAN = re.compile(f"[{HAN}]")


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in `text`."""
    return _HAN.search(text) is not None


def simplified(text: str) -> str:
    """`text` with traditional characters simplified, of the same length."""
    return text.translate(_letters())


@cache
def _letters() -> Mapping[int, str]:
    table = tomllib.loads(files("jobs").joinpath("traditional.toml").read_text("utf-8"))
    return {ord(traditional): simple for traditional, simple in table["pairs"].split()}
