"""Large separation (theory sections 6 and 7).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import exp, log, pi, sqrt


def collapsed_overlap_large(separation: Any, half_log_odds: Any) -> Any:
    """Overlap of the collapsed state at large separation.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        half_log_odds: half the log-odds of the target's modes, log(w*/(1 - w*))/2.
    """
    part_0 = separation**2
    part_1 = pi**2
    return (
        part_0 - 1/256*sqrt(2)*sqrt(pi)*(-16*part_0*part_1 + part_1*(16*half_log_odds**2 + 5*part_1) +
        128*separation**4)*exp(-1/2*(half_log_odds + part_0)**2/part_0)/separation**3
    )


def escape_rate_large(separation: Any, half_log_odds: Any) -> Any:
    """Escape rate of the collapsed state at large separation.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        half_log_odds: half the log-odds of the target's modes, log(w*/(1 - w*))/2.
    """
    part_0 = separation**2
    part_1 = pi**2
    return (
        (1/256)*sqrt(2)*sqrt(pi)*(16*part_0*(8*half_log_odds - part_1) + part_1*(16*half_log_odds**2 - 48*half_log_odds
        + 5*part_1) + 128*separation**4)*exp(-1/2*(half_log_odds + part_0)**2/part_0)/separation**3
    )


def fold_distance_large(separation: Any, half_log_odds: Any, fold_depth: Any, normal_tail: Any) -> Any:
    """Distance of the pair at the fold at large separation.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        half_log_odds: half the log-odds of the target's modes, log(w*/(1 - w*))/2.
        fold_depth: (m2 + h)/R at the fold of the collapsed pair.
        normal_tail: chance that a standard normal variable exceeds y.
    """
    return (
        -2*fold_depth + 2*half_log_odds/separation - separation*((pi**2*fold_depth/separation**3)/12 + 2*normal_tail) +
        2*separation
    )


def fold_place_large(separation: Any) -> Any:
    """Depth (m2 + h)/R of the fold at large separation, to leading order.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    return sqrt(log((1/2)*separation**2/pi))


def log_critical_temperature_large(separation: Any, half_log_odds: Any, fold_depth: Any, normal_tail: Any) -> Any:
    """Logarithm of T_c at large separation, with the next orders.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        half_log_odds: half the log-odds of the target's modes, log(w*/(1 - w*))/2.
        fold_depth: (m2 + h)/R at the fold of the collapsed pair.
        normal_tail: chance that a standard normal variable exceeds y.
    """
    part_0 = pi**2
    part_1 = (fold_depth*part_0/separation**3)/12 + 2*normal_tail
    part_2 = 2*fold_depth - 2*half_log_odds/separation - 2*separation
    part_3 = (-part_1*separation - part_2)**2
    return (1/8)*part_3 + log((1/2)*sqrt(2)*(-2*part_1*separation - part_2)/sqrt(pi)) + log((1/2)*part_0/part_3 + 1)


def log_critical_temperature_leading(separation: Any, half_log_odds: Any, fold_depth: Any, normal_tail: Any) -> Any:
    """Logarithm of T_c at large separation, leading form.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        half_log_odds: half the log-odds of the target's modes, log(w*/(1 - w*))/2.
        fold_depth: (m2 + h)/R at the fold of the collapsed pair.
        normal_tail: chance that a standard normal variable exceeds y.
    """
    part_0 = -2*fold_depth + 2*half_log_odds/separation - 2*normal_tail*separation + 2*separation
    return (1/8)*part_0**2 + log((1/2)*sqrt(2)*part_0/sqrt(pi))


def start_rate_large(separation: Any, half_log_odds: Any) -> Any:
    """Growth rate at overlap zero at large separation.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        half_log_odds: half the log-odds of the target's modes, log(w*/(1 - w*))/2.
    """
    return (sqrt(2)*(-12*half_log_odds**2 + 24*separation**2 - pi**2)/(sqrt(pi)*separation))/24
