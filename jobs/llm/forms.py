"""The forms of a model's answers, as their JSON schemas are sent. No limits: those are checked.

A limit in a schema makes servers refuse it or models cut a text in the middle.
"""

from typing import Any

from pydantic import BaseModel, model_validator

from storage.models import Lang


class _Partly(BaseModel):
    """Small models leave fields out: what they did write is judged, the rest is empty."""

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, said: Any) -> Any:
        if not isinstance(said, dict):
            return said
        told = {name: value for name, value in said.items() if value is not None}
        return {"tldr": "", "findings": [], "title": "", **told}


class PaperEn(_Partly):
    """One paper in English."""

    number: int
    tldr: str
    findings: list[str]


class PapersEn(BaseModel):
    """An entry for each paper that was asked for."""

    papers: list[PaperEn]


class PaperZh(_Partly):
    """One paper in Chinese."""

    number: int
    title: str
    tldr: str
    findings: list[str]


class PapersZh(BaseModel):
    """An entry for each paper that was asked for."""

    papers: list[PaperZh]


class Abstract(BaseModel):
    """A whole abstract, translated."""

    abstract: str


class Theme(BaseModel):
    """What several papers share."""

    name: str
    text: str
    papers: list[int]


class Direction(BaseModel):
    """Something new in some papers."""

    text: str
    papers: list[int]


class Read(BaseModel):
    """A paper to read in full."""

    paper: int
    reason: str


class Overview(BaseModel):
    """What is said of all papers together."""

    themes: list[Theme]
    directions: list[Direction]
    reads: list[Read]


class Trial(BaseModel):
    """The answer to a trial question."""

    ready: bool


Papers = PapersEn | PapersZh
FORMS: dict[Lang, type[PapersEn] | type[PapersZh]] = {Lang.EN: PapersEn, Lang.ZH: PapersZh}
