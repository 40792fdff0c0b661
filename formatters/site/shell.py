"""What all pages have around them: where they stand, their other language, the feeds."""

from typing import Any

from formatters.catalogue import say
from formatters.html import LANG_TAGS
from formatters.site.contents import Site
from formatters.site.items import Link, one_line
from formatters.site.paths import STATIC, feed_path, index_path, relative, search_path
from formatters.site.templating import render
from storage.models import Lang


def page(template: str, path: str, lang: Lang, site: Site, **values: Any) -> str:
    """The page at `path`: a template within the frame of `page.html`."""
    other = Lang.ZH if lang is Lang.EN else Lang.EN
    own = f"{lang}/"
    return render(
        template,
        lang,
        tag=LANG_TAGS[lang],
        root=relative("", path),
        path=path,
        static=STATIC,
        home=index_path(lang),
        search=search_path(lang),
        twin=f"{other}/{path.removeprefix(own)}" if path.startswith(own) else "",
        twin_tag=LANG_TAGS[other],
        twin_name=say(f"lang.{other}", other),
        address=site.address,
        feeds=[
            Link(one_line(topic.name(lang)), feed_path(lang, topic.slug)) for topic in site.topics
        ],
        **values,
    )


def month_name(month: str, lang: Lang) -> str:
    """`February 2026`, `2026年2月`."""
    year, number = month.split("-")
    name = say(f"month.m{int(number)}", lang)
    return say("site.month", lang, year=year, month=name, number=int(number))
