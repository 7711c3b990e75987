"""What is known of a target, each fact once: its modes, the zeros of f, the folds, in doubles and balls (section 6)."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from anneal_theory.errors import NoCollapsedState
from anneal_theory.fixed_points.pair_curve import PairCurve
from anneal_theory.fixed_points.single import CollapsedState, growth, heavy_zero, light_zero, unstable_zero
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Ball

_MOST_KNOWN = 64  # results that are kept of a mode

Fold = tuple[float, float, float]
"""(m1, m2, T) of a saddle-node."""
Value = TypeVar("Value")


@dataclass(frozen=True)
class Mode:
    """One of the target's modes, turned to the positive side."""

    target: BimodalTarget  # the target, or its mirror image for the light mode
    overlap: float  # rest s* of a single mean there, >= 0
    landscape: "Landscape" = field(repr=False, compare=False)  # that it is part of
    _known: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def unstable(self) -> float | None:
        """The zero of f between the basins of the two modes, or None."""
        saddle = self.landscape.unstable
        return saddle if saddle is None or self.target is self.landscape.target else -saddle

    @property
    def opposite(self) -> float | None:
        """Rest of a single mean at the other mode, or None."""
        landscape = self.landscape
        return landscape.light_overlap if self.target is landscape.target else -landscape.heavy.overlap

    @cached_property
    def curve(self) -> PairCurve:
        """The pairs at rest with one mean beyond s*."""
        return PairCurve(self.target, self.overlap, self.unstable)

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

    def fold_at(self, digits: int) -> tuple[Ball, Ball, Ball]:
        """(m1, m2, T_c) as balls of so many digits."""
        from anneal_theory.fixed_points.roots import fold_balls  # loads flint, which doubles do not need

        fold = self.critical_fold()
        balls: tuple[Ball, Ball, Ball] = self.remembered(
            ("fold", digits), lambda: fold_balls(self.target, digits, fold)
        )
        return balls

    def remembered(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """What was computed under a key before, if it is among the last of the mode."""
        value: Value | None = self._known.get(key)  # no result is None; another thread may drop one at any time
        if value is None:
            value = compute()
            for oldest in list(self._known)[: 1 - _MOST_KNOWN]:
                self._known.pop(oldest, None)
            self._known[key] = value
        return value

    @cached_property
    def fold(self) -> Fold | None:
        """The saddle-node of the collapsed pair, at any temperature; None if there is none.

        Walking away from s* (the upper end) T rises from 1 - kappa*; the fold is its first maximum above rounding.
        """
        peaks = self.curve.peaks
        if not len(peaks):
            return None
        m2, temperature = self.curve.extremum(int(peaks[-1]))
        return self.curve.partner(m2), m2, temperature

    def critical_fold(self, target: BimodalTarget | None = None) -> Fold:
        """The fold at T_c >= 1; a target as it was given is named in the place of the mode's own."""
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


@dataclass(frozen=True)
class Landscape:
    """The zeros of f and both modes of a target."""

    target: BimodalTarget  # with w* >= 1/2

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
    """What is known of a target, or of its mirror image where w* < 1/2; the same object for the same target."""
    return _landscape(target.heavy_first)


@lru_cache(maxsize=256)
def _landscape(target: BimodalTarget) -> Landscape:
    return Landscape(target)


@checked
def unstable_overlap(target: BimodalTarget) -> float | None:
    """The unstable zero of f between the basins of the two modes, or None where a single mean has one mode only."""
    saddle = landscape_of(target).unstable
    return saddle if saddle is None or target.half_log_odds >= 0 else -saddle


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
