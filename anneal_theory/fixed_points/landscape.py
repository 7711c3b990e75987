r"""What is known of a target, each fact once: its modes, the zeros of f, the folds; in doubles and in balls.

With m1 > m2 and equal weights of the family the fixed-point equations (theory section 6) say
``f(m1) = -2 T G(D) (m1 - m2) < 0`` and ``f(m2) = -f(m1)``. Round a mode the first has one solution m1 > s* for each m2,
since f only falls beyond s*. So all fixed points with m1 beyond s* form one curve, m2 -> (m1(m2), T(m2)). The fixed
points at temperature T are its level set. A point is an attractor where T falls as m2 rises; folds are the extrema of
T(m2). Points with m1 beyond the other mode's zero are the same of the mirrored target.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.averages import mmse
from anneal_theory.errors import DomainError, NoCollapsedState
from anneal_theory.fixed_points.single import CollapsedState, drift, growth, heavy_zero, light_zero, unstable_zero
from anneal_theory.formulas.fixed_points import partner_drift, rest_temperature
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked

_EPS = float(np.finfo(np.float64).eps)
_POINTS = 1200
_HALF = 0.5  # both weights of the family
_PROMINENCE = 1e-8  # of a fold in T over the scan: rounding next to s* stays below it
_MOST_KNOWN = 64  # results that are kept of a mode

Fold = tuple[float, float, float]
"""(m1, m2, T) of a saddle-node."""


@dataclass(frozen=True)
class Mode:
    """One of the target's modes, turned to the positive side.

    Attributes:
        target: The target, or its mirror image for the light mode.
        overlap: Rest s* of a single mean there, >= 0.
        landscape: That it is part of.
    """

    target: BimodalTarget
    overlap: float
    landscape: "Landscape" = field(repr=False, compare=False)
    _known: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def unstable(self) -> float | None:
        """The zero of f between the basins of the two modes, or None."""
        found = self.landscape.unstable
        return found if found is None or self.target is self.landscape.target else -found

    @property
    def opposite(self) -> float | None:
        """Rest of a single mean at the other mode, or None."""
        known = self.landscape
        return known.light_overlap if self.target is known.target else -known.heavy.overlap

    @cached_property
    def escape_rate(self) -> float:
        """kappa*."""
        return float(growth(self.overlap, self.target))

    def at(self, digits: int) -> CollapsedState:
        """s* and kappa* as balls of so many digits."""
        from anneal_theory.fixed_points.roots import collapsed_balls  # loads flint, which doubles do not need

        return CollapsedState(
            *self.remembered(("state", digits), lambda: collapsed_balls(self.target, digits, self.overlap))
        )

    def fold_at(self, digits: int) -> tuple[Any, Any, Any]:
        """(m1, m2, T_c) as balls of so many digits.

        Raises:
            NoCollapsedState: there is no critical temperature.
        """
        from anneal_theory.fixed_points.roots import fold_balls  # loads flint, which doubles do not need

        fold = self.critical_fold()
        found: tuple[Any, Any, Any] = self.remembered(("fold", digits), lambda: fold_balls(self.target, digits, fold))
        return found

    def remembered(self, key: Any, compute: Callable[[], Any]) -> Any:
        """What was computed under a key before, if it is among the last of the mode."""
        value = self._known.get(key)  # no result is None; another thread may drop one at any time
        if value is None:
            value = compute()
            for oldest in list(self._known)[: 1 - _MOST_KNOWN]:
                self._known.pop(oldest, None)
            self._known[key] = value
        return value

    @cached_property
    def samples(self) -> list[tuple[FloatArray, FloatArray]]:
        """(m2, T) on each piece of the curve of fixed points."""
        grids = [branch_grid(low, high) for low, high in self._pieces()]
        return [(grid, self.temperatures(grid)) for grid in grids]

    @property
    def peaks(self) -> IntArray:
        """Indices of the maxima of T on the first piece that stand out of rounding.

        Raises:
            DomainError: T is no double.
        """
        from scipy.signal import find_peaks  # costs 0.4 s, so only where it is used

        if self.unstable is None and self.target.half_log_odds == 0:
            return np.zeros(0, np.intp)
        values = self.samples[0][1]
        if not np.all(np.isfinite(values)):
            raise DomainError.of(
                "separation", "small enough for T_c to be a double (up to about 40)", self.target.separation,
                "T_c grows like e^(R^2/2): for larger R use asymptotics.log_critical_temperature",
            )  # fmt: skip
        return np.asarray(find_peaks(values, prominence=_PROMINENCE)[0], np.intp)

    @cached_property
    def fold(self) -> Fold | None:
        """The saddle-node of the collapsed pair, at any temperature; None if there is none.

        Walking away from s* (the upper end) T rises from 1 - kappa*; the fold is its first maximum above rounding.
        """
        peaks = self.peaks
        if not len(peaks):
            return None
        m2, heat = self.extremum(int(peaks[-1]))
        return self.partner(m2), m2, heat

    def critical_fold(self, target: BimodalTarget | None = None) -> Fold:
        """The fold at T_c >= 1; a target as it was given is named in the place of the mode's own.

        Raises:
            NoCollapsedState: the collapsed pair has none.
        """
        fold = self.fold
        if fold is None or fold[2] < 1:
            lost = "has no saddle-node" if fold is None else f"loses its collapsed state at T = {fold[2]:.6g} < 1"
            raise NoCollapsedState(
                f"target {target or self.target!r} {lost}, so no temperature is critical; increase separation, or "
                "ask attractors()"
            )
        return fold

    @property
    def collapses(self) -> bool:
        """Whether a pair can stay collapsed at this mode at T = 1."""
        return self.fold is not None and self.fold[2] >= 1

    def partner(self, m2: float) -> float:
        """m1 for this m2."""
        pull = -float(partner_drift(_HALF, _HALF, drift(m2, self.target)))
        low = self.overlap
        high = self.target.separation**2 + pull + 1.0
        if pull <= 0:
            return low
        return float(
            brentq(lambda m: float(drift(m, self.target)) + pull, low * (1 - 1e-12), high, rtol=4 * _EPS, xtol=1e-300)
        )

    def temperature(self, m2: float) -> float:
        """T at which this m2 rests."""
        drift_2, m1 = float(drift(m2, self.target)), self.partner(m2)
        if drift_2 <= 0 or m1 <= m2:
            return 0.0
        overlap = float(mmse((m1 - m2) / self.target.separation))
        return rest_temperature(m1, m2, _HALF, overlap, drift_2) if overlap > 0 else np.inf

    def temperatures(self, m2: FloatArray) -> FloatArray:
        """`temperature` of many m2 at once."""
        from scipy.optimize import elementwise  # loads much, and scalar questions do not need it

        drift_2 = drift(m2, self.target)
        pull = -np.asarray(partner_drift(_HALF, _HALF, drift_2))
        rising = pull > 0
        ends = np.full(m2.shape, self.overlap * (1 - 1e-12)), self.target.separation**2 + np.maximum(pull, 0.0) + 1.0
        solve: Any = elementwise.find_root  # its stubs know no args
        found = solve(lambda m, p: drift(m, self.target) + p, ends, args=(np.where(rising, pull, 0.0),))
        gap = found.x - m2
        overlap = np.asarray(mmse(np.abs(gap) / self.target.separation))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            values = rest_temperature(found.x, m2, _HALF, overlap, drift_2)
        return np.where(rising & (gap > 0), np.where(overlap > 0, values, np.inf), 0.0)

    def extremum(self, index: int, sign: int = 1) -> tuple[float, float]:
        """(m2, T) of the local maximum of T (minimum for sign -1) next to a point of the first piece."""
        grid = self.samples[0][0]
        found = minimize_scalar(
            lambda m: -sign * self.temperature(float(m)),
            bounds=(grid[index - 1], grid[index + 1]),
            method="bounded",
            options={"xatol": 1e-9 * (abs(grid[index]) + 1.0)},
        )
        return float(found.x), self.temperature(float(found.x))

    def trough(self, peak: int) -> tuple[float, float]:
        """(m2, T) where T is lowest on the far side of a peak: the fold of the split pair where f has one zero."""
        grid, values = self.samples[0]
        lowest = int(np.argmin(values[:peak]))
        if not 0 < lowest < peak:
            return float(grid[lowest]), float(values[lowest])
        return self.extremum(lowest, -1)

    def _pieces(self) -> list[tuple[float, float]]:
        """Intervals of m2 with f(m2) > 0, the one next to s* first."""
        radius = self.target.separation
        bottom = -(radius**2) - 24.0 * radius  # pairs 24 apart balance at T = 1e30
        if self.unstable is None:
            return [(bottom, self.overlap)]
        near = (self.unstable, self.overlap)
        return [near] if self.opposite is None else [near, (bottom, self.opposite)]


def branch_grid(low: float, high: float) -> FloatArray:
    """Points inside (low, high), dense towards both ends, rising."""
    share = np.concatenate([np.geomspace(1e-5, 1e-2, 40), np.linspace(0.01, 0.5, _POINTS // 8)[1:]])
    both = np.concatenate([share, 1.0 - share[::-1][1:]])
    return low + (high - low) * both


@dataclass(frozen=True)
class Landscape:
    """The zeros of f and both modes of a target.

    Attributes:
        target: With w* >= 1/2.
    """

    target: BimodalTarget

    @cached_property
    def unstable(self) -> float | None:
        """The unstable zero of f, or None where a single mean has one mode only."""
        return unstable_zero(self.target)

    @cached_property
    def heavy(self) -> Mode:
        """The mode of the larger weight."""
        return Mode(self.target, heavy_zero(self.target), self)

    @cached_property
    def light(self) -> Mode | None:
        """The mode of the smaller weight, or None where a single mean does not rest there."""
        if self.light_overlap is None:
            return None
        if self.target.half_log_odds == 0:
            return self.heavy
        return Mode(self.target.reflected, -self.light_overlap, self)

    @cached_property
    def light_overlap(self) -> float | None:
        """The smallest zero of f, or None where there is only the heavy mode's."""
        return None if self.unstable is None else light_zero(self.target, self.unstable)


@checked
def landscape_of(target: BimodalTarget) -> Landscape:
    """What is known of a target, or of its mirror image where w* < 1/2; the same object for the same target.

    Source:
        theory sections 4 and 6.

    Example:
        >>> round(landscape_of(BimodalTarget(3, 0.2)).heavy.critical_fold()[2], 5)
        5.58355
    """
    return _landscape(target.heavy_first)


@lru_cache(maxsize=256)
def _landscape(target: BimodalTarget) -> Landscape:
    return Landscape(target)


@checked
def unstable_overlap(target: BimodalTarget) -> float | None:
    """The unstable zero of f between the basins of the two modes, or None where a single mean has one mode only.

    Source:
        theory sections 4 and 6.

    Example:
        >>> unstable_overlap(BimodalTarget(3, 0.5)), unstable_overlap(BimodalTarget(1, 0.8)) is None
        (0.0, True)
    """
    found = landscape_of(target).unstable
    return found if found is None or target.half_log_odds >= 0 else -found


@checked
def collapsed_state(target: BimodalTarget, *, digits: int | None = None, certified: bool = False) -> CollapsedState:
    """The coincident pair at the heavy mode: s* and the escape rate kappa*.

    Args:
        target: Any separation; constants refer to the heavy mode (w* and 1 - w* give the same).
        digits: None for doubles (relative error of s* below 1e-12, of kappa* below ``1e-12 max(1, |log kappa*|)``),
            else correct relative digits of both.
        certified: Give balls, proven by interval Newton: s* is the one zero of f in its box.

    Raises:
        DomainError: the digits are no integer from 1 to 10^6.
        PrecisionError: s* is nearly a double zero of f.

    Source:
        theory section 6.

    Example:
        >>> state = collapsed_state(BimodalTarget(3, 0.8))
        >>> round(state.overlap, 12), round(state.escape_rate, 14)
        (8.981355632865, 0.01978001076914)
    """
    mode = landscape_of(target).heavy
    if digits is None and not certified:
        return CollapsedState(mode.overlap, mode.escape_rate)
    from anneal_theory.fixed_points.roots import shown  # loads flint, which doubles do not need

    return CollapsedState(*shown(lambda count: tuple(vars(mode.at(count)).values()), digits, certified))
