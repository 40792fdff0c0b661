"""A subscribing line's topic and options: times, days, zones, and their way back into words."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.hours import read_time
from bot.commands.option_rules import split_options
from bot.commands.options import Options, applied, spelled, when_of
from bot.commands.pausing import read_return
from bot.commands.zones import read_zone
from storage.errors import UserError
from storage.models import ChatKey, Lang, Slot, Subscription, SubscriptionKey, When

WEEKDAYS = (0, 1, 2, 3, 4)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
MONDAY = date(2026, 10, 12)


@pytest.mark.parametrize(
    ("line", "topic", "when"),
    [
        ("multimodal", "multimodal", "fresh|fresh|UTC|0123456"),
        ("multimodal at fresh", "multimodal", "fresh|fresh|UTC|0123456"),
        ("multimodal at 08:30", "multimodal", "daily|08:30|UTC|0123456"),
        ("multimodal at 8 pm weekdays", "multimodal", "daily|20:00|UTC|01234"),
        ("cs.CV at 7:15 tz Asia/Shanghai weekdays", "cs.CV", "daily|07:15|Asia/Shanghai|01234"),
        ("cs.CV days mon, wed,fri at 8:30", "cs.CV", "daily|08:30|UTC|024"),
        ("cs.CV weekly fri at 17:00", "cs.CV", "weekly|17:00|UTC|4"),
        ("cs.CV weekly", "cs.CV", "weekly|08:30|UTC|0"),
        ("a OR b tz new york", "a OR b", "fresh|fresh|America/New_York|0123456"),
        ("多模态 每个工作日 8:30", "多模态", "daily|08:30|UTC|01234"),
        ("多模态每天早上8点", "多模态", "daily|08:00|UTC|0123456"),
        ("多模态 每天北京时间晚上八点半", "多模态", "daily|20:30|Asia/Shanghai|0123456"),
        ("多模态 每周一 8点", "多模态", "weekly|08:00|UTC|0"),
        ("多模态 每周一三五 8:30", "多模态", "daily|08:30|UTC|024"),
        ("多模态 周一至周五 8点一刻", "多模态", "daily|08:15|UTC|01234"),
        ("多模态 公布即推 每个周末", "多模态", "fresh|fresh|UTC|56"),
    ],
)
def test_a_line_says_topic_and_hour(line, topic, when):
    rest, options = split_options(line)
    assert (rest, when_of(options, "UTC").key) == (topic, when)


def test_the_other_options_are_read_in_both_languages():
    english = split_options("LoRA lang zh max 5 split replacements public")[1]
    chinese = split_options("LoRA 中文 最多5篇 单独推送 含更新 公开")[1]
    assert (
        english
        == chinese
        == Options(lang=Lang.ZH, limit=5, split=True, replacements=True, public=True)
    )


@pytest.mark.parametrize(
    "topic",
    [
        "attention at scale",
        "max pooling",
        '"image split"',
        '"posted at 08:30"',
        '"a tz b"',
        '"many a lang x"',
        "days ahead",
        'author:"May Weekly"',
        "状态空间模型",
    ],
)
def test_a_topic_may_have_the_words_of_options(topic):
    assert split_options(topic) == (topic, Options())


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("x at 25:00", "time.bad"),
        ("x at 8h", "time.bad"),
        ("x 25点", "time.bad"),
        ("x at 13pm", "time.bad"),
        ("x at 8:30 at 9:30", "option.twice"),
        ("x at 8:30 at fresh", "option.twice"),
        ("x tz Mars", "zone.near"),
        ("x tz qqqqqq", "zone.unknown"),
        ("x tz CST", "zone.ambiguous"),
        ("x days mon,tueday", "days.bad"),
        ("x lang fr", "lang.bad"),
        ("x max 0", "count.bad"),
        ("x max 99999999999999999999", "count.bad"),
        ("x weekly at fresh", "weekly.fresh"),
        ("x weekly days mon,tue", "weekly.one_day"),
    ],
)
def test_a_wrong_value_is_an_error_of_its_own(line, key):
    with pytest.raises(UserError) as caught:
        when_of(split_options(line)[1], "UTC")
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0:00", time(0)), ("12am", time(0)), ("12pm", time(12)), ("晚上12点", time(0)),
        ("中午12点", time(12)), ("下午3:20", time(15, 20)), ("二十点", time(20)),
    ],
)  # fmt: skip
def test_hours_mean_what_people_mean(typed, expected):
    assert read_time(typed) == expected


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("asia/shanghai", "Asia/Shanghai"),
        ("Shanghai", "Asia/Shanghai"),
        ("北京", "Asia/Shanghai"),
        ("北京时间", "Asia/Shanghai"),
        ("San Francisco", "America/Los_Angeles"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("EST", "America/New_York"),
        ("+05:30", "Asia/Kolkata"),
    ],
)
def test_a_zone_is_found_by_its_names(typed, zone):
    assert read_zone(typed) == zone


@given(st.integers(-12, 14))
def test_an_offset_becomes_a_zone_with_that_offset(hours):
    zone = ZoneInfo(read_zone(f"UTC{hours:+d}"))
    assert datetime(2026, 1, 1, tzinfo=zone).utcoffset().total_seconds() == hours * 3600


def test_every_zone_of_the_zone_data_is_known_by_its_name_in_any_case():
    zones = {zone for zone in available_timezones() if "/" in zone}
    assert len(zones) > 400
    assert {read_zone(zone.upper()) for zone in zones} == zones


def subscription(**fields: object) -> Subscription:
    known = {
        "key": SubscriptionKey(3),
        "chat": ChatKey(1),
        "topic": "cs.CV",
        "when": When(Slot.FRESH, "UTC"),
        "lang": None,
        "limit": None,
        "split": False,
        "replacements": False,
        "since": 7,
        "paused_until": None,
        "next_due": None,
        "created": datetime(2026, 10, 12, tzinfo=UTC),
    }
    return Subscription(**{**known, **fields})


ZONES = st.sampled_from(["UTC", "Asia/Shanghai", "Etc/GMT-8", "America/New_York"])
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
DAYS = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
WHENS = st.one_of(
    st.builds(When, st.just(Slot.FRESH), ZONES, st.none(), DAYS),
    st.builds(When, st.just(Slot.DAILY), ZONES, TIMES, DAYS),
    st.builds(When, st.just(Slot.WEEKLY), ZONES, TIMES, st.integers(0, 6).map(lambda d: (d,))),
)
SUBSCRIPTIONS = st.builds(
    subscription,
    when=WHENS,
    lang=st.none() | st.sampled_from(Lang),
    limit=st.none() | st.integers(1, 50),
    split=st.booleans(),
    replacements=st.booleans(),
    public=st.booleans(),
)


@given(wanted=SUBSCRIPTIONS, now=SUBSCRIPTIONS)
def test_options_written_out_bring_any_subscription_back(wanted, now):
    topic, options = split_options(f"cs.CV {spelled(wanted)}")
    assert (topic, applied(options, now)) == ("cs.CV", wanted)


def test_what_an_update_does_not_say_stays():
    before = subscription(when=When(Slot.DAILY, "UTC", time(8, 30), WEEKDAYS), limit=4)
    options = split_options("cs.CV tz Shanghai lang zh")[1]
    after = applied(options, before)
    assert after.when == When(Slot.DAILY, "Asia/Shanghai", time(8, 30), WEEKDAYS)
    assert (after.limit, after.lang) == (4, Lang.ZH)


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("", date.max),
        ("7d", date(2026, 10, 19)),
        ("7天", date(2026, 10, 19)),
        ("2 weeks", date(2026, 10, 26)),
        ("1周", date(2026, 10, 19)),
        ("until 2026-11-01", date(2026, 11, 1)),
        ("到10月20日", date(2026, 10, 20)),
        ("10-08", date(2027, 10, 8)),
    ],
)
def test_a_pause_ends_on_the_day_that_was_named(typed, until):
    assert read_return(typed, MONDAY) == until


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("0d", "pause.bad"),
        ("9999d", "pause.bad"),
        ("tomorrow", "pause.bad"),
        ("2026-02-30", "pause.bad"),
        ("2026-10-12", "pause.past"),
    ],
)
def test_a_pause_that_can_not_be_is_refused(typed, key):
    with pytest.raises(UserError) as caught:
        read_return(typed, MONDAY)
    assert caught.value.key == key
