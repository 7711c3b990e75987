"""How designs are judged: against others, and against simulated runs."""

from collections.abc import Iterable

from scipy.stats import binomtest

import anneal_theory as at

FALSE_ALARM = 1e-3


def no_exponentials(self, found):
    """In the place of the exponentials beside a design, which take longer than the design."""
    return None, None


def rarest(estimates: Iterable[at.Estimate]) -> at.Estimate:
    return min(estimates, key=lambda one: one.value)


def no_worse(found: at.Estimate, other: at.Estimate) -> bool:
    """As rare as another but for what both state as their errors: a search may lose no more than they can tell."""
    return found.value <= other.value + found.error + other.error


def contains(runs: int, count: int, value: float) -> bool:
    return binomtest(count, runs, value).pvalue > FALSE_ALARM
