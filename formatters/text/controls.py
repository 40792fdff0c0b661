"""What a text from elsewhere must not carry: signs that steer a screen instead of being read."""

import re

_UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff"
)
"""Control characters, direction marks, zero-width signs, lone surrogates, tags, no characters."""
_SUSPICIOUS = re.compile(f"[{_UNSEEN}]|[\u0300-\u036f]{{4}}")
_ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # OSC: titles, links
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\|\x9c)"  # device strings
    r"|\x1b[ -/]*[0-~]"
)
_LINE = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_EMOJI = "\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
_COMPLEX = "\u0600-\u0dff"  # Arabic to Sinhala: joiners spell words there
_HARMFUL = re.compile(
    f"(?<=[{_COMPLEX}])[\u200c\u200d](?=[{_COMPLEX}])|(?<=[{_EMOJI}])\u200d(?=[{_EMOJI}])"
    f"|(?P<unseen>[{_UNSEEN}])"
)
_STACKED = re.compile("([\u0300-\u036f]{3})[\u0300-\u036f]+")


def strip_controls(text: str) -> str:
    """`text` without control characters, terminal escapes, bidirectional overrides,
    invisible signs and stacks of accents; line breaks, unified, and tabs stay.
    """
    if not _SUSPICIOUS.search(text):
        return text
    text = _LINE.sub("\n", _ESCAPE.sub("", text))
    text = _HARMFUL.sub(lambda sign: "" if sign["unseen"] else sign[0], text)
    return _STACKED.sub(r"\1", text)
