"""The separatrix by runs that tell how far off it they started: about three a start, where bisection takes twenty.

Bisection (`threshold.bisection`) is the oracle of this, and what single thresholds are made sure of with.
"""

from dataclasses import dataclass, field

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.models.runs import Model, sides
from anneal_theory.threshold.bisection import MAX_STEPS, require_settled
from anneal_theory.work import count_work

_FARTHEST, _CLOSEST, _POINTS = 4.0, 1e-6, 10  # distances from a threshold at which the curves are measured
_EXACT = 0.1  # of the nearest of them: to which that threshold is known
UNKNOWN = np.tile([[-60.0, 60.0], [-58.5, 61.5]], (2, 1, 1))  # a distance of 4.5 times the inverse growth
_APART = 1e-3  # of the logarithm of the inverse growth, between two points of a curve
_WORTH_CURVES = 3  # starts


@dataclass(frozen=True, eq=False)
class Departures:
    """Searches of one computation, which share what they learn of how the distance from the separatrix shows."""

    model: Model  # of the runs
    finest: float  # the smallest tolerance of a threshold that will be asked for often: where the curves end
    # by the mode to which starts collapse, measured at the first that is asked for
    curves: dict[float, FloatArray] = field(default_factory=dict)

    def thresholds(self, starts: FloatArray, guesses: FloatArray, tolerance: float, mode: float) -> FloatArray:
        """Logarithms of thresholds, as far off as the tolerance; +inf where all alignments collapse, -inf where none
        does.

        Starts of one `mode` share curves.
        """
        count_work(nodes=len(starts))
        if mode not in self.curves and len(starts) >= _WORTH_CURVES:
            self._measure(starts, guesses, mode)
        return self._searched(starts, guesses, self.curves.get(mode, UNKNOWN), tolerance)

    @property
    def _nearest(self) -> float:
        return max(10.0 * self.finest, _CLOSEST)

    def _searched(self, starts: FloatArray, guesses: FloatArray, curves: FloatArray, tolerance: float) -> FloatArray:
        limits = float(self.model.lowest), float(self.model.highest), tolerance
        log_rho, codes = self.model.runs.thresholds(starts, guesses, curves, limits, tolerance, MAX_STEPS)
        require_settled(self.model, sides(codes), starts, log_rho)
        return log_rho

    def _measure(self, starts: FloatArray, guesses: FloatArray, mode: float) -> None:
        """Measure the curves at the first start, from the middle outwards, whose threshold is finite."""
        for index in sorted(range(len(starts)), key=lambda i: abs(i - len(starts) // 2))[::4][:4]:
            start = starts[index : index + 1]
            tolerance = _EXACT * self._nearest
            log_rho = self._searched(start, guesses[index : index + 1], UNKNOWN, tolerance)
            if np.isfinite(log_rho[0]):
                self.curves[mode] = np.stack([self._curve(start, float(log_rho[0]), sign) for sign in (-1.0, 1.0)])
                return

    def _curve(self, start: FloatArray, threshold: float, sign: float) -> FloatArray:
        """(log inverse growth, log distance), both rising, for runs on one side of the threshold."""
        distances = np.geomspace(_FARTHEST, self._nearest, _POINTS)
        rows, tolerance = np.repeat(start, _POINTS, axis=0), _EXACT * self._nearest
        offs, codes = self.model.runs.departures(rows, threshold + sign * distances, tolerance, MAX_STEPS)
        sound = (sides(codes) == -sign) & np.isfinite(offs)
        # From near to far: a value that is not above all nearer ones is left out.
        log_inverse_growths, values = offs[sound][::-1], np.log(distances[sound])[::-1]
        rising = log_inverse_growths > np.maximum.accumulate(np.append(-np.inf, log_inverse_growths[:-1])) + _APART
        if log_inverse_growths.size < 2 or np.count_nonzero(rising) < 2:
            return UNKNOWN[0, :, :1] + np.arange(_POINTS)
        kept = np.stack([log_inverse_growths[rising], values[rising]])
        # All curves have one length: the far end is repeated beyond itself, with the slope that is assumed there.
        extra = _POINTS - kept.shape[1]
        return np.hstack([kept, kept[:, -1:] + np.arange(1, extra + 1)])
