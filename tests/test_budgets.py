"""The false-alarm budget is kept: intervals miss the truth as rarely as they say, and not much more rarely."""

import pytest
from scipy.stats import binom

from tests.budgets import FALSE_ALARM, assert_probability, clopper_pearson


@pytest.mark.parametrize("truth", [0.0, 0.02, 0.5, 0.93, 1.0])
def test_an_interval_misses_the_truth_at_most_at_the_false_alarm_rate(truth):
    trials, false_alarm = 60, 0.05
    missed = 0.0
    for hits in range(trials + 1):
        low, high = clopper_pearson(hits, trials, false_alarm)
        missed += binom.pmf(hits, trials, truth) * (not low <= truth <= high)
    assert missed <= false_alarm


def test_each_end_leaves_half_the_false_alarm_rate_in_its_tail():
    low, high = clopper_pearson(7, 40, FALSE_ALARM)
    assert binom.sf(6, 40, low) == pytest.approx(FALSE_ALARM / 2, rel=1e-9)
    assert binom.cdf(7, 40, high) == pytest.approx(FALSE_ALARM / 2, rel=1e-9)


def test_a_count_that_is_too_far_off_fails():
    assert_probability(500, 1000, 0.59)
    with pytest.raises(AssertionError, match="500/1000"):
        assert_probability(500, 1000, 0.61)
    assert_probability(500, 1000, 0.61, bias=0.02)
