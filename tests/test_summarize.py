"""The chain of engines: made once, by the best that can, and honest about which."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from digest_stage import staged, study

from jobs.ports import SummaryError
from jobs.summarize import BuiltIn, summaries
from storage.models import Lang, Paper, Summary


class Engine:
    """Says its name of the papers that it can do; None: of none."""

    def __init__(self, name: str, able: set[str] | None) -> None:
        self.name = name
        self.able = able
        self.asked: list[str] = []

    async def summarize(self, papers: Sequence[Paper], lang: Lang) -> list[Summary]:
        self.asked += [paper.id for paper in papers]
        if self.able is None:
            raise SummaryError(self.name)
        able = [paper for paper in papers if paper.id in self.able]
        return [Summary(p.id, p.version, lang, self.name, f"{self.name} of {p.id}") for p in able]


async def test_a_summary_is_made_once_a_version_and_language(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        engine = Engine("model", {"2602.00001"})
        for paper, lang in [
            (study(1), Lang.EN),
            (study(1), Lang.EN),
            (study(1), Lang.ZH),
            (study(1, version=2), Lang.EN),
        ]:
            made = await summaries(db=stage.db, engines=[engine], papers=[paper], lang=lang)
            assert made["2602.00001"].lang is lang
            assert made["2602.00001"].version == paper.version
        assert len(engine.asked) == 3


@pytest.mark.parametrize("able", [None, {"2602.00001"}])
async def test_what_the_first_engine_cannot_do_the_next_does_and_says_so(
    tmp_path: Path, able: set[str] | None
) -> None:
    async with staged(tmp_path) as stage:
        chain = [Engine("model", able), BuiltIn()]
        papers = [study(1), study(2)]
        made = await summaries(db=stage.db, engines=chain, papers=papers, lang=Lang.EN)
        assert set(made) == {"2602.00001", "2602.00002"}
        assert made["2602.00001"].fallback is (able is None)
        assert made["2602.00002"].fallback
        assert made["2602.00002"].engine == BuiltIn.name


async def test_a_chain_whose_last_engine_fails_says_so(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        with pytest.raises(SummaryError):
            await summaries(
                db=stage.db, engines=[Engine("model", None)], papers=[study(1)], lang=Lang.EN
            )
