"""What the checks of a model's short text cost.

    python benchmarks/checks.py

Prints the microseconds of each, the best of 200 rounds, beside those of folding its source's
case, for a measure of the machine.
"""

from timeit import repeat

from jobs.verify import Field, Kind, Source, check
from storage.models import Lang

SOURCE = Source(
    "TideNet: Flow Matching for Camera Pose Estimation on Moving Boats",
    "Estimating camera pose on a moving boat is difficult because the horizon sways. We propose "
    "TideNet, a flow-matching model that lowers the error by 12.5% and runs 2.4 times faster than "
    "WaveFormer-2 on six datasets.",
)
TEXTS = {
    Lang.ZH: "TideNet以流匹配估计船上的相机位姿，误差降低12.5%，速度是WaveFormer-2的2.4倍。",
    Lang.EN: "TideNet estimates camera poses on boats, 12.5 percent better and 2.4x faster.",
}
ROUNDS = 200


def main() -> None:
    folding = min(repeat(SOURCE.whole.casefold, number=1, repeat=ROUNDS))
    for lang, text in TEXTS.items():
        field = Field(Kind.TLDR, lang)
        spent = min(repeat(lambda t=text, f=field: check(t, f, SOURCE), number=1, repeat=ROUNDS))
        print(f"{lang}: {spent * 1e6:,.0f} µs a text, {spent / folding:,.0f} × folding its source")


if __name__ == "__main__":
    main()
