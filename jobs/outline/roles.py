"""What each section of a paper is for, told by its heading and its place.

Pure. Headings that say nothing are placed by their neighbours: what stands between the
introduction and the experiments is the method.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from storage.models import Section


class Role(StrEnum):
    """What a section is for."""

    ABSTRACT = "abstract"
    INTRODUCTION = "introduction"
    RELATED = "related"
    METHOD = "method"
    SETUP = "setup"
    """Data, baselines, metrics, training details."""
    RESULTS = "results"
    LIMITS = "limits"
    CONCLUSION = "conclusion"
    OTHER = "other"
    """Acknowledgements, ethics, appendices without a telling heading."""


_HEADINGS: Mapping[Role, re.Pattern[str]] = {
    role: re.compile(pattern, re.IGNORECASE)
    for role, pattern in {
        Role.OTHER: r"acknowledg|ethic|\bimpacts?\b|reproducib|author contribution|funding"
        r"|data availab|checklist|conflicts? of|disclosure|^notations?$|致谢|附录",
        Role.LIMITS: r"limitation|threats to validity|failure (?:case|mode)|shortcoming|局限",
        Role.INTRODUCTION: r"^(?:introduction|motivation|overview)\b|引言|绪论",
        Role.RELATED: r"related (?:work|stud|research)|^background|(?:previous|prior) work"
        r"|preliminar|literature (?:review|survey)|相关工作|背景",
        Role.CONCLUSION: r"conclu|^(?:general )?discussion|future (?:work|direction)|^summary"
        r"|outlook|结论|总结|讨论",
        Role.SETUP: r"(?:experiment\w*|evaluation|training|implementation|empirical|model)"
        r" (?:set-?ups?|settings?|details?|protocols?|design|parameters?)|^set-?up|^settings?$"
        r"|^(?:\w+ )?(?:data ?sets?|baselines?|metrics?|benchmarks?)(?: and .*)?$|hyper-?parameter"
        r"|^hardware|training data|^(?:data|optimizer|implementation)$|实验设置|数据集",
        Role.RESULTS: r"\bresults?\b|experiment|evaluation|ablation|analys[ie]s|comparison"
        r"|performance|findings|case stud|实验|结果|消融",
    }.items()
}
_TRAINING = re.compile(r"^(?:model )?training$", re.IGNORECASE)


def roles_of(sections: Sequence[Section]) -> tuple[Role, ...]:
    """The role of each section, in their order."""
    named = [_named(section) for section in sections]
    ends = [
        at
        for at, (section, role) in enumerate(zip(sections, named, strict=True))
        if role in (Role.SETUP, Role.RESULTS, Role.CONCLUSION, Role.LIMITS) and section.level == 1
    ]
    experiments = ends[0] if ends else len(sections)
    closing = next((at for at in ends if named[at] is Role.CONCLUSION), len(sections))
    found: list[Role] = []
    above: list[tuple[int, Role]] = []
    for at, (section, role) in enumerate(zip(sections, named, strict=True)):
        while above and above[-1][0] >= section.level:
            above.pop()
        own = role or (above[-1][1] if above else _placed(section, at, experiments, closing))
        above.append((section.level, own))
        found.append(Role.OTHER if own is Role.RESULTS and section.appendix else own)
    return tuple(found)


def _named(section: Section) -> Role | None:
    """The role that the heading tells, if it does."""
    if section.level == 1 and _TRAINING.search(section.title):
        return Role.SETUP
    matching = (
        role
        for role, pattern in _HEADINGS.items()
        if pattern.search(section.title) and (section.level == 1 or role is not Role.INTRODUCTION)
    )
    return next(matching, None)


def _placed(section: Section, at: int, experiments: int, closing: int) -> Role:
    """The role that the place tells; nothing of an appendix's."""
    if section.appendix or at > closing:
        return Role.OTHER
    return Role.METHOD if at < experiments else Role.RESULTS
