"""The false-alarm budget of statistical tests: how often a test may fail by chance, and what it then may assert."""

from scipy.stats import binomtest

FALSE_ALARM = 1e-9
"""Probability with which one statistical assertion of this suite may fail although all is right."""


def clopper_pearson(hits: int, trials: int, false_alarm: float = FALSE_ALARM) -> tuple[float, float]:
    """The exact interval of a probability that misses it with at most the false-alarm rate."""
    bounds = binomtest(int(hits), int(trials)).proportion_ci(1 - false_alarm, "exact")
    return float(bounds.low), float(bounds.high)


def assert_probability(
    hits: int, trials: int, expected: float, *, bias: float = 0.0, false_alarm: float = FALSE_ALARM
) -> None:
    """hits/trials is consistent with `expected` up to `bias`, at a stated false-alarm rate."""
    low, high = clopper_pearson(hits, trials, false_alarm)
    assert low - bias <= expected <= high + bias, f"{hits}/{trials} gives [{low}, {high}], expected {expected}"
