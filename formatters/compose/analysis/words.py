"""The words that may follow `/analyze ID`, and the commands that are made of them."""

from enum import StrEnum

from storage.models import Lang, PaperId


class ChapterName(StrEnum):
    """The chapters of an analysis, in their order; what they are called is under `chapter.`."""

    CORE = "core"
    ABSTRACT = "abstract"
    MOTIVATION = "motivation"
    METHOD = "method"
    COMPARISON = "comparison"
    EXPERIMENTS = "experiments"
    PRACTICE = "practice"
    LIMITS = "limits"
    FINDINGS = "findings"
    LINKS = "links"


class Word(StrEnum):
    """What else can be asked of an analysis."""

    FILE = "file"
    """As files."""
    AGAIN = "again"
    """Anew."""
    CANCEL = "cancel"


def analysis_command(paper: PaperId, version: int, lang: Lang, word: ChapterName | Word) -> str:
    """`/analyze 2602.06043v1 zh method`: the same analysis, whoever taps it, for ever."""
    return f"/analyze {paper}v{version} {lang} {word}"
