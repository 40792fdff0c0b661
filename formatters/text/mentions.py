"""Where a text names an address, as authors write it: bare or in TeX, glued to Chinese, broken
at a line's end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from formatters.text.controls import strip_controls

_CODE_HOSTS = (
    r"(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|huggingface\.co|hf\.co"
    r"|anonymous\.4open\.science)"
)
_SIGNS = ("http:", "https:", ".com/", ".co/", ".org/", ".science/", ".github.")
"""A text without any of these names no address."""
_ADDRESS = re.compile(
    rf"""(?:https?:\s?//\s?|(?<![\w@/.-])(?={_CODE_HOSTS}/\w|[\w-]+\.github\.io\b))
    [\w-]+(?:(?<=-)\s+[\w-]+)*(?:\.[\w-]+)+(?::\d+)?
    (?:[/?\#](?:
        (?![,;]https?:|&(?:lt|gt|quot);)[\w.~:/?\#@!&'()*+,;=-]
      | %[0-9A-Fa-f]{{2}}
      | (?<=-)[ \t]+(?=(?:[\w.]+-\s+){{0,3}}[\w-]*[/.]\w)  # `owner- name/code`: no name ends so
      | (?<=[-_])\n(?=\w)
    ){{0,2000}})?""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_BROKEN = re.compile(
    rf"{_CODE_HOSTS}/(?:\n?[\w-]+/)?\n(?=\w)|\.github\.\s+(?=io\b)", re.ASCII | re.IGNORECASE
)
"""A line ends where a repository's owner or name, or the host's end, has still to come."""
_ESCAPE = re.compile(
    r"\{\\([%_#&~])\}|\$\\?([%_#&~./-])\$|\\(?:string)?([%_#&~])(?:\{\})?"
    r"|\{?\\text(underscore|asciitilde)(?:\{\}|\}|\b)|(\$\\sim\$)|(&amp;)"
)
_SAYS = {"underscore": "_", "asciitilde": "~", r"$\sim$": "~", "&amp;": "&"}
_TRAILING = ".,;:!?'*("
_REACH = 80


@dataclass(frozen=True, slots=True)
class Mention:
    """An address and the words around it."""

    address: str
    """With its scheme; ASCII."""
    before: str
    """At most 80 characters, TeX's escapes undone."""
    after: str
    """Likewise."""


def mentions(text: str) -> Iterator[Mention]:
    r"""The addresses of a text, in order; also those of code hosts without `https://`.

    `\href` and `\url` are unwrapped, TeX's escapes undone, and what is not the address' own is
    cut: punctuation, brackets that were opened before it, whatever is not ASCII.
    """
    lowered = text.lower()
    if not any(sign in lowered for sign in _SIGNS):
        return
    text = _ESCAPE.sub(_unescaped, strip_controls(text))
    text = _BROKEN.sub(lambda broken: "".join(broken[0].split()), text)
    for match in _ADDRESS.finditer(text):
        start, end = match.span()
        address = _cut("".join(match[0].split()))
        if not address.lower().startswith(("http://", "https://")):
            address = f"https://{address}"
        yield Mention(address, text[max(0, start - _REACH) : start], text[end : end + _REACH])


def _unescaped(escape: re.Match[str]) -> str:
    said: str = next(filter(None, escape.groups()))
    return _SAYS.get(said, said)


def _cut(address: str) -> str:
    """The address without the sentence's punctuation and brackets at its end."""
    while address[-1] in _TRAILING or (
        address[-1] == ")" and address.count(")") > address.count("(")
    ):
        address = address[:-1]
    return address
