"""The temperature of the singular arc: what a best schedule has while it is neither as cold nor as hot as allowed."""

from typing import Unpack

import flint

from anneal_theory._types import Exactable
from anneal_theory.averages.jets import derivatives, overlap_jet, psi_jet
from anneal_theory.balls import accuracy, exact_ball
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.formulas.singular_arc import arc_slopes, singular_arc, singular_arc_free
from anneal_theory.precision import flint_precision
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import DynamicsOptions
from anneal_theory.quantities.doors import checked

_BITS = 128, 512, 2048  # tried one after the other: a close pair's averages cancel
_ENOUGH = 50  # bits of a double's 53
_LARGEST_LOG = 300  # of rho and of the distance, beyond which nothing is left to compute in doubles


@checked(s="s0")
def singular_temperature(
    target: BimodalTarget,
    *,
    s: Exactable,
    log_rho: Exactable,
    distance: Exactable,
    **dynamics: Unpack[DynamicsOptions],
) -> float:
    """The temperature of a best schedule on a singular arc, where a pair of free means is in a given state.

    A best schedule is as cold or as hot as allowed, but on such arcs; there its temperature is this function of the
    state. It meets the necessary conditions; whether a best run comes through that state on an arc, they do not tell.
    For R = 3, w* = 0.8 and the tempered target it does while an aligned pair passes the fold.

    Args:
        target: Separation and weight.
        s: Weighted mean of the overlaps, finite.
        log_rho: Logarithm of the cotangent of the angle between mu_1 - mu_2 and the axis, from -300 to 300.
        distance: |mu_1 - mu_2| > 0, up to e^300.
        **dynamics: Arguments of `Dynamics`; equal weights, or the natural metric.

    Returns:
        T >= 1, exact but for rounding.

    Raises:
        DomainError: an argument lies outside its domain; or no best schedule is on an arc in that state: Kelley's
            condition fails, or the arc asks for a temperature below 1, or the state does not determine its momenta.

    Source:
        theory section 12; docs/derivations/singular_arc.md.

    Example:
        >>> round(singular_temperature(BimodalTarget(3, 0.8), s=8, log_rho=0.8, distance=4.3), 3)
        17.558
    """
    rules = Dynamics(**dynamics)
    temperature, curvature = arc_at(target, s, log_rho, distance, rules)
    state = f"with s = {float(s):.6g} and log_rho = {float(log_rho):.6g}"
    if not curvature < 0:
        what = f"one at which Kelley's condition holds {state}: a curvature below 0, not {curvature:.3g}"
        step = "there the best temperature is the lowest or the highest that is allowed"
        raise DomainError.of("distance", what, float(distance), step)
    if not temperature >= 1:
        what = f"one at which the arc has a temperature of at least 1 {state}, not {temperature:.6g}"
        raise DomainError.of("distance", what, float(distance), "there no best schedule is on an arc")
    return temperature


def arc_at(
    target: BimodalTarget, s: Exactable, log_rho: Exactable, distance: Exactable, rules: Dynamics
) -> tuple[float, float]:
    """(T, curvature) on the singular arc; the curvature is negative where Kelley's condition holds."""
    if not rules.reducible:
        raise DomainError.of("family_weight", "0.5", rules.family_weight, "or use metric='natural'")
    centre, angle, apart = exact(s, "s"), exact(log_rho, "log_rho"), exact(distance, "distance")
    if not abs(angle) <= _LARGEST_LOG:
        raise DomainError.of("log_rho", f"from -{_LARGEST_LOG} to {_LARGEST_LOG}", float(angle), "use one within")
    share = rules.exact_family_weight

    def evaluate() -> tuple[flint.arb, flint.arb]:
        radius, weight, length = (exact_ball(one) for one in (target.exact_separation, share, apart))
        tail = (-2 * exact_ball(angle)).exp()
        cosine_squared = 1 / (1 + tail)
        gap, middle = radius * length * cosine_squared.sqrt(), exact_ball(centre)
        first, second = (derivatives(psi_jet(middle + part * gap, target, 3)) for part in (1 - weight, -weight))
        averages = [one for pair in zip(first, second, strict=True) for one in pair]
        rates, growths = arc_slopes(middle, gap, radius, weight, *averages)
        overlaps = derivatives(overlap_jet(length, share, 3))
        free = rules.objective == "free-energy"
        pushes = overlaps[:1] if free else [length, *overlaps]
        letters = [cosine_squared, tail * cosine_squared, *pushes, *growths, *rates, weight * (1 - weight)]
        return singular_arc_free(*letters) if free else singular_arc(*letters)

    for bits in _BITS:
        with flint_precision(bits):
            found = evaluate()
        if min(map(accuracy, found)) > _ENOUGH:
            return float(found[0].mid()), float(found[1].mid())
    step = "where f K_l = K f_l they are not, as at s = 0 of a symmetric target"
    raise DomainError.of(
        "s", "that of a state in which the momenta of a singular arc are determined", float(centre), step
    )
