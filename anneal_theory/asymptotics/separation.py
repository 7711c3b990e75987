"""Modes far apart, and the pair close to its fold (theory sections 6 and 7)."""

from collections.abc import Callable

from anneal_theory._types import Exactable, MpContext, Mpf, Number
from anneal_theory.arithmetic import FloatArithmetic
from anneal_theory.asymptotics.evaluation import evaluated, number
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.fixed_points import CollapsedState, landscape_of
from anneal_theory.formulas.large_separation_mp import (
    collapsed_overlap_large,
    escape_rate_large,
    fold_distance_large,
    fold_place_large,
    log_critical_temperature_large,
    start_rate_large,
)
from anneal_theory.formulas.saddle_node import fold_normal_form, fold_null_vector, fold_offset
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked


@checked
def collapsed_state(target: BimodalTarget, *, digits: int | None = None) -> CollapsedState:
    """s* and kappa* at large separation.

    Args:
        target: R > 2.507 and ``|h| < R^2``.

    Remainder: Relative O(R^-6) of kappa* and of R^2 - s*, at fixed h.

    Source: theory section 7; docs/derivations/large_separation.md.

    Example:
        >>> f"{collapsed_state(BimodalTarget(8, 0.8)).escape_rate:.4e}"
        '6.2745e-14'
    """
    parts = [_large(target, digits, formula) for formula in (collapsed_overlap_large, escape_rate_large)]
    return CollapsedState(*parts)


@checked
def start_rate(target: BimodalTarget, *, digits: int | None = None) -> Number:
    """kappa_0 = R^2 psi'(0) at large separation.

    Remainder: Relative O(R^-4), at fixed h.

    Source: docs/derivations/large_separation.md.

    Example:
        >>> round(start_rate(BimodalTarget(20, 0.8)), 3)
        15.932
    """
    return _large(target, digits, start_rate_large)


@checked
def log_critical_temperature(target: BimodalTarget, *, digits: int | None = None) -> Number:
    """log T_c at large separation; T_c itself overflows a double from R = 40 on.

    Remainder: O(R^-3 log^(3/2) R), at fixed h.

    Source: theory section 7; docs/derivations/large_separation.md.

    Example:
        >>> round(log_critical_temperature(BimodalTarget(100, 0.8)), 2)
        4705.01
    """
    return _at_fold(target, digits, log_critical_temperature_large)


@checked
def fold_distance(target: BimodalTarget, *, digits: int | None = None) -> Number:
    """D of the aligned pair at T_c, at large separation.

    Remainder: O(R^-4 log^(3/2) R), at fixed h.

    Source: docs/derivations/large_separation.md.

    Example:
        >>> round(fold_distance(BimodalTarget(100, 0.8)), 2)
        193.92
    """
    return _at_fold(target, digits, fold_distance_large)


@checked
def pairs_below_fold(target: BimodalTarget, temperature: Exactable) -> tuple[tuple[float, float], tuple[float, float]]:
    """The collapsed attractor and the saddle, as (m1, m2), just below T_c, equal family weights.

    Args:
        target: With a critical temperature; (m1, m2) of its heavy mode, turned to the positive side.
        temperature: ``T_c/2 < T < T_c``.

    Remainder: O(T_c - T) of each overlap; relative O(T_c - T) of the distance between the two.

    Source: theory section 6; docs/derivations/saddle_node.md.

    Example:
        >>> [[round(m, 2) for m in pair] for pair in pairs_below_fold(BimodalTarget(3, 0.8), 5.5)]
        [[12.79, 2.59], [12.45, 1.89]]
    """
    from anneal_theory.fixed_points.roots import fold_averages  # loads flint

    mode = landscape_of(target).heavy
    fold, averages = fold_averages(mode.target, mode.critical_fold(target))
    highest = fold[-1]
    drop = highest - float(exact(temperature))
    if not 0 < drop < highest / 2:
        raise DomainError.of("temperature", f"from T_c/2 to T_c = {highest:.9g}", temperature, "use attractors")
    null = fold_null_vector(*fold[2:4], *averages[:2])
    bend, drive = fold_normal_form(*fold, *averages)
    step = float(fold_offset(bend, drive, drop))
    moved = [tuple(m + sign * step * v for m, v in zip(fold[:2], null, strict=True)) for sign in (1, -1)]
    first, second = sorted(moved, key=lambda pair: -pair[1])
    return (first[0], first[1]), (second[0], second[1])


def _letters(context: MpContext, target: BimodalTarget) -> tuple[Mpf, Mpf]:
    """R and h of a target whose modes lie far apart."""
    radius, h = number(context, target.exact_separation), FloatArithmetic(context).half_log_odds(target.exact_weight)
    if not (radius * radius > 2 * context.pi and abs(h) < radius * radius):
        raise DomainError.of(
            "separation", "large: above 2.507 and the root of |h|", target.separation, "use the exact function"
        )
    return radius, h


def _large(target: BimodalTarget, digits: int | None, formula: Callable[..., Mpf]) -> Number:
    return evaluated(digits, lambda context: formula(context, *_letters(context, target.heavy_first)))


def _at_fold(target: BimodalTarget, digits: int | None, formula: Callable[..., Mpf]) -> Number:
    def value(context: MpContext) -> Mpf:
        radius, h = _letters(context, target.heavy_first)
        depth = fold_place_large(context, radius)
        return formula(context, radius, h, depth, context.erfc(depth / context.sqrt(2)) / 2)

    return evaluated(digits, value)
