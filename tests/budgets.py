"""The false-alarm budget of statistical tests: how often a test may fail by chance, and what it then may assert."""

from scipy.special import betainccinv, betaincinv

FALSE_ALARM = 1e-9
"""Probability with which one statistical assertion of this suite may fail although all is right."""


def clopper_pearson(hits: int, trials: int, false_alarm: float = FALSE_ALARM) -> tuple[float, float]:
    """The exact interval of a probability that misses it with at most the false-alarm rate."""
    tail = false_alarm / 2
    low = betaincinv(hits, trials - hits + 1, tail) if hits else 0.0
    high = betainccinv(hits + 1, trials - hits, tail) if hits < trials else 1.0
    return float(low), float(high)


def assert_probability(
    hits: int, trials: int, expected: float, *, bias: float = 0.0, false_alarm: float = FALSE_ALARM
) -> None:
    """hits/trials is consistent with `expected` up to `bias`, at a stated false-alarm rate."""
    low, high = clopper_pearson(hits, trials, false_alarm)
    assert low - bias <= expected <= high + bias, f"{hits}/{trials} gives [{low}, {high}], expected {expected}"
