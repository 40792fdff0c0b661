"""Numbers are the same in any clothing, and different ones are told apart."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.verify import FaultKind, Field, Kind, Source, check
from jobs.verify.numerals import english, mandarin
from storage.models import Lang

TEXT = {Lang.ZH: Field(Kind.TEXT, Lang.ZH), Lang.EN: Field(Kind.TEXT, Lang.EN)}
NUMERIC = {FaultKind.NUMBER, FaultKind.UNIT, FaultKind.NAME}


def wrong(said: str, source: str) -> bool:
    """Whether `said` is refused for its numbers, in the language that it is in."""
    lang = Lang.EN if said.isascii() else Lang.ZH
    faults = check(said, TEXT[lang], Source("Reefs", source)).faults
    return any(fault.kind in NUMERIC for fault in faults)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1,000 reefs", "1000座礁石"),
        ("1000 reefs", "1k reefs"),
        ("1k reefs", "一千座礁石"),
        ("12.5\\% of reefs", "12.5 percent of reefs"),
        ("12.5% of reefs", "百分之12.5的礁石"),
        ("50% of reefs", "百分之五十的礁石"),
        ("3 million fish", "300万条鱼"),
        ("three million fish", "3M fish"),
        ("390M pairs", "3.9亿对样本"),
        ("a 7B model", "70亿参数的模型"),
        ("1.7 trillion tokens", "1.7万亿token"),
        ("450k rows", "超过45万行"),
        ("2x faster", "two times faster"),
        ("twice as fast", "快两倍"),
        ("2.61 times faster", "加速2.61×"),
        ("twelve reefs", "12座礁石"),
        ("twenty-five reefs", "二十五座礁石"),
        ("gains of 8.1, 5.6, and 10.3%", "分别提升8.1%、5.6%和10.3%"),
        ("between 10 and 20%", "10%到20%"),
        ("10-20% less", "减少10%–20%"),
        ("6.7 percentage points", "6.7个百分点"),
        ("6.7 points", "6.7个百分点"),
        ("accuracy of 0.86", "准确率86%"),
        ("half of the reefs", "50%的礁石"),
        ("two orders of magnitude", "100倍"),
        ("GPT-4 and Llama-3-8B", "GPT-4与Llama-3-8B"),
        ("Llama-3.1-8B", "80亿参数的Llama 3.1"),
        ("on February 4, 2026", "2026年2月4日"),
        ("10^6 steps", "一百万步"),
        ("A, B, and C", "三种礁石"),
        ("a two-stage method", "2-stage method"),
        ("ran for 9.6 s", "耗时9.6秒"),
        ("for a decade", "十年来"),
        ("256 x 256 pixels", "256x256 pixels"),
        ("a billion-scale model", "十亿级模型"),
        ("many reefs", "数百座礁石，一种鱼，第三类，唯一，一致，千方百计"),
    ],
)
def test_formatting_is_no_difference(source: str, said: str) -> None:
    assert not wrong(said, source)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("12.5% of reefs", "12.6%的礁石"),
        ("12.5% of reefs", "12.5倍的礁石"),
        ("12.5 times", "提升12.5%"),
        ("300,000 fish", "300万条鱼"),
        ("3 million fish", "3 billion fish"),
        ("six datasets", "四个数据集"),
        ("six datasets", "on four datasets"),
        ("36 hours", "36 days"),
        ("36 hours", "36分钟"),
        ("trained on reefs", "在2024年训练"),
        ("97.28% right", "97.3% right"),
        ("gains", "提升百分之三十"),
        ("gains", "提升三十二倍"),
        ("Llama-3-8B", "Llama-4-8B"),
        ("GPT-4o", "GPT-4"),
        ("256 x 256 pixels", "512x512 pixels"),
        ("a large model", "百亿参数的模型"),
    ],
)
def test_another_number_or_unit_is_refused(source: str, said: str) -> None:
    assert wrong(said, source)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("twenty-five", 25), ("two hundred and fifty", 250), ("a hundred", 100),
        ("three million", 3_000_000), ("one thousand two hundred", 1200), ("nineteen", 19),
    ],
)  # fmt: skip
def test_english_numerals(said: str, value: int) -> None:
    assert english.value(said) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("十", 10), ("十二", 12), ("二十五", 25), ("三百零五", 305), ("一千二百", 1200),
        ("两万", 20_000), ("三亿五千万", 350_000_000), ("万亿", 10**12), ("百万", 10**6),
        ("二〇二六", 2026), ("一点五", "1.5"), ("三五", None), ("千千", None),
    ],
)  # fmt: skip
def test_chinese_numerals(said: str, value: int | str | None) -> None:
    assert mandarin.value(said) == (None if value is None else Decimal(value))


@given(st.integers(11, 10**9))
def test_a_number_is_borne_out_by_itself_and_by_no_other(number: int) -> None:
    source = f"We count {number:,} fish."
    assert not wrong(f"共有{number}条鱼。", source)
    assert wrong(f"共有{number + 1}条鱼。", source)


@given(st.decimals(1, 99, places=1))
def test_a_percentage_is_borne_out_by_a_percentage_only(share: Decimal) -> None:
    assert not wrong(f"提升{share}%", f"gains of {share}\\%")
    assert wrong(f"提升{share}%", f"gains of {share} fish")
