"""The file for what an ending bot had in hand."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.kept import Kept


def test_what_is_kept_is_taken_once_and_by_the_same_bot(tmp_path: Path) -> None:
    file = tmp_path / "updates"
    Kept(file).put("U0INVENTED", [["command", {"text": "帮助"}], 2])
    assert file.stat().st_mode & 0o777 == 0o600
    assert Kept(file).take("U0INVENTED") == [["command", {"text": "帮助"}], 2]
    assert Kept(file).take("U0INVENTED") == []
    Kept(file).put(17, [1])
    assert Kept(file).take("17") == []
    assert not file.exists(), "another bot's is nobody's any more"


def test_with_nothing_in_hand_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "updates"
    Kept(file).put(17, [])
    assert not file.exists()


@pytest.mark.parametrize(
    "damaged", ["", "{", "[]", "17", '{"bot": 17}', '{"bot": 17, "updates": []}']
)
def test_a_damaged_file_hinders_nothing(tmp_path: Path, damaged: str) -> None:
    file = tmp_path / "updates"
    file.write_text(damaged)
    assert Kept(file).take(17) == []
    Kept(file).put(17, ["next"])
    assert Kept(file).take(17) == ["next"]


def test_what_can_not_be_written_is_told(tmp_path: Path) -> None:
    with capture_logs() as logs:
        Kept(tmp_path / "missing" / "updates").put(17, ["lost"])
    assert [each["log_level"] for each in logs] == ["info", "error"]
