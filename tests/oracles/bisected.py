"""Exact probabilities whose thresholds are bisected: the plain route, beside which the fast one is set."""

from unittest import mock

from anneal_theory.probability import collapse_probability
from anneal_theory.results import Estimate
from anneal_theory.threshold.bisection import Search
from anneal_theory.threshold.departures import Departures


def bisected_probability(*problem, relative_error: float, **options) -> Estimate:
    """`collapse_probability` with verdicts alone: no departure is measured, and no threshold is a guess's neighbour."""
    with mock.patch.object(Departures, "thresholds", _bisected):
        return collapse_probability(*problem, method="exact", relative_error=relative_error, **options)


def apart_and_stated(quick: Estimate, plain: Estimate) -> tuple[float, float]:
    """How far the logarithms of the smaller of P and 1 - P are apart, and what both errors allow."""
    if quick.log_value <= quick.log_complement:
        return abs(quick.log_value - plain.log_value), quick.log_error + plain.log_error
    apart = abs(quick.log_complement - plain.log_complement)
    return apart, quick.log_complement_error + plain.log_complement_error


def _bisected(self, starts, guesses, tolerance, mode):
    """What `Departures.thresholds` gives, by verdicts alone."""
    return Search(self.model, tolerance).thresholds(starts, guesses, 0.25, tolerance)
