"""The forms of a model's answers, as their JSON schemas are sent. No limits: those are checked.

A limit in a schema makes servers refuse it or models cut a text in the middle.
"""

from typing import Any, get_origin

from pydantic import BaseModel, model_validator
from pydantic.fields import FieldInfo

from storage.models import Lang


class Partly(BaseModel):
    """Small models leave texts and lists out: what they did write is judged, the rest is empty.

    What stands where a list is asked for is the list's only entry.

    An answer that has none of its form's fields is none.
    """

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, said: Any) -> Any:
        if not isinstance(said, dict) or not said.keys() & cls.model_fields.keys():
            return said
        told = {
            name: _as_list(value) if _kind(cls.model_fields.get(name)) is list else value
            for name, value in said.items()
            if value is not None
        }
        return {**_empty(cls), **told}


def _empty(form: type[Partly]) -> dict[str, Any]:
    empty: dict[str, Any] = {}
    for name, field in form.model_fields.items():
        kind = _kind(field)
        if kind is str or kind is list:
            empty[name] = kind()
        elif isinstance(kind, type) and issubclass(kind, Partly):
            empty[name] = _empty(kind)
    return empty


def _kind(field: FieldInfo | None) -> Any:
    return field and (get_origin(field.annotation) or field.annotation)


def _as_list(value: Any) -> Any:
    return [value] if value and isinstance(value, dict | str) else value or []


class PaperEn(Partly):
    """One paper in English."""

    number: int
    tldr: str
    findings: list[str]


class PapersEn(BaseModel):
    """An entry for each paper that was asked for."""

    papers: list[PaperEn]


class PaperZh(Partly):
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
