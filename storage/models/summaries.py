"""What an engine says of a paper."""

from dataclasses import dataclass

from storage.models.chats import Lang
from storage.models.papers import PaperId


@dataclass(frozen=True, slots=True)
class Summary:
    """What one engine says of one paper, in one language."""

    paper: PaperId
    version: int
    lang: Lang
    engine: str
    """`built-in`, or a model's name and its prompts' version: `openai:gpt-x#p3`."""
    tldr: str
    findings: tuple[str, ...] = ()
    fallback: bool = False
    """True: a better engine was configured and failed."""
    title: str | None = None
    """The paper's title in the summary's language, where that is another."""
    abstract: str | None = None
    """Likewise the whole abstract, once somebody asked for it."""
