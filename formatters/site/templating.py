"""The site's templates, read from the package: everything put into them is escaped."""

from collections.abc import Mapping
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from formatters.catalogue import say, texts
from storage.models import Lang

if TYPE_CHECKING:
    from jinja2 import Environment


def render(template: str, lang: Lang, **values: Any) -> str:
    """The template filled with `values`; in it, `say(key, …)` speaks `lang`."""
    found = _environment().get_template(template)
    return found.render(lang=lang, say=partial(_say, lang), **values)


@cache
def static_files() -> Mapping[str, str]:
    """The style sheet, the scripts and the sign: name → text."""
    return {file.name: file.read_text("utf-8") for file in _folder("static")}


@cache
def form() -> str:
    """Names how pages look and what they say: another one after a change to either."""
    known = sha256(repr(sorted(texts().items())).encode())
    for file in (*_folder("templates"), *_folder("static")):
        known.update(file.read_bytes())
    return known.hexdigest()[:16]


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415 -- heavy

    return Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


def _source(name: str) -> str:
    return files("formatters.site").joinpath("templates", name).read_text("utf-8")


def _folder(name: str) -> list[Traversable]:
    return sorted(files("formatters.site").joinpath(name).iterdir(), key=lambda file: file.name)


def _say(lang: Lang, key: str, **values: Any) -> str:
    return say(key, lang, **values)
