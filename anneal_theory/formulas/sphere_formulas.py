"""Annealing on the sphere in closed form (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def antipodal_growth(
    separation: Any, variance: Any, temperature: Any, overlap: Any, orthogonal_slope: Any
) -> tuple[Any, Any]:
    """Growth rates of x and of the sum of the overlaps at the antipodal pair across the axis.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        overlap: overlap G(D) of the two components.
        orthogonal_slope: derivative of psi at the overlap 0: E sech^2(h + R sqrt(v) z).
    """
    part_0 = (1/2)*orthogonal_slope*separation**2
    return (part_0, -2*overlap*temperature/variance + part_0,)


def bias_of_target(separation: Any, half_log_odds: Any) -> Any:
    """Half log-odds of the target in units of R^2.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        half_log_odds: half the log-odds of the target's modes, log(w*/(1 - w*))/2.
    """
    return half_log_odds/separation**2


def laplace_bend(cooling_rate: Any, cold: Any, surplus_slope: Any) -> Any:
    """Slope of lambda - 2 g in time, at q.

    Args:
        cooling_rate: rate at which the logarithm of the temperature falls.
        cold: R over the square root of the temperature.
        surplus_slope: derivative by q of the growth rate at the antipodal pair.
    """
    return (1/2)*cold*cooling_rate*surplus_slope


def passage_rates(separation: Any, variance: Any, temperature: Any, overlap: Any, centre_slope: Any) -> tuple[Any, Any]:
    """Rates of the pair's rapidity and of log x.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        overlap: overlap G(D) of the two components.
        centre_slope: derivative of psi at the overlap -h, its zero: E sech^2(R sqrt(v) z).
    """
    return (2*overlap*temperature/variance, (1/2)*centre_slope*separation**2,)


def passage_sum(bias: Any, passage_integral: Any) -> Any:
    """M1 + m2 + 2 epsilon, in units of R^2, along the linear passage.

    Args:
        bias: half the log-odds of the target in units of R^2, h/R^2.
        passage_integral: integral of the linear passage, with the push until its end.
    """
    return 2*bias*(passage_integral + 1)


def stability_constant_of(cold: Any) -> Any:
    """R^2 beta where q = R sqrt(beta).

    Args:
        cold: R over the square root of the temperature.
    """
    return cold**2


def stability_temperature(separation: Any, stability_constant: Any) -> Any:
    """Temperature where R^2 beta is a given constant.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        stability_constant: R^2/T where the antipodal pair on the sphere loses its stability.
    """
    return separation**2/stability_constant
