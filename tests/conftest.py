"""Fixtures that many tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of captured arXiv data beside the checkout.

    Where it is absent the test is skipped, in CI it fails: there it must be.
    """
    if REAL_DATA.is_dir():
        return REAL_DATA
    if os.environ.get("CI"):
        pytest.fail(f"no captured data at {REAL_DATA}")
    pytest.skip("the captured arXiv data is not beside this checkout")
