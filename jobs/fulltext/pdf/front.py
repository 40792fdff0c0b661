"""What stands before the first section: the title and names, which are left out, and the abstract.

Pure.
"""

import re
from collections.abc import Sequence

from jobs.fulltext.pdf.blocks import Body
from jobs.fulltext.pdf.paragraphs import Flowing, Typist
from storage.models.fulltext import Paragraph, Passage

_RUN_IN = re.compile(r"(?:abstract|summary)\b\s*[—–\-.:]*\s*", re.IGNORECASE)
_ASIDE = re.compile(
    r"(?:index terms|key ?words?(?: and phrases)?|ccs concepts|acm reference format"
    r"|additional key words)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_LONG = 40
"""Words that neither a title nor a list of names has in one paragraph."""


def abstract(lines: Sequence[Flowing | Passage], typist: Typist, *, headed: bool) -> str:
    """The abstract among the lines before the first section.

    `headed`: a heading of its own stood over them, so all of it is the abstract. Else it begins
    where a line says so, or is what has the length of one.
    """
    flowing = [item for item in lines if isinstance(item, Flowing)]
    start = 0 if headed else _run_in(flowing)
    if start is not None:
        found = _texts(flowing[start:], typist)
        if not headed and found:
            found[0] = _RUN_IN.sub("", found[0], count=1)
    else:
        found = [text for text in _texts(flowing, typist) if len(text.split()) >= _LONG]
    return " ".join(
        _ASIDE.sub("", text).strip() for text in found if not _ASIDE.match(text)
    ).strip()


def _run_in(lines: Sequence[Flowing]) -> int | None:
    for at, item in enumerate(lines):
        first = item.line.runs[0]
        if _RUN_IN.match(item.line.text) and (
            first.face.bold or first.face.italic or item.line.text[:8].isupper()
        ):
            return at
    return None


def _texts(lines: Sequence[Flowing], typist: Typist) -> list[str]:
    return [each.text for each in typist.passages(lines) if isinstance(each, Paragraph)]


def body_start(lines: Sequence[Flowing], body: Body) -> int | None:
    """Where the text begins after an abstract that no heading ends: in another size, apart."""
    for at in range(1, len(lines)):
        above, line = lines[at - 1].line, lines[at].line
        apart = above.page != line.page or above.baseline - line.baseline > 1.3 * body.pitch
        if (
            apart
            and abs(line.size - lines[0].line.size) > 0.04 * body.size
            and body.like(line.size)
        ):
            return at
    return None
