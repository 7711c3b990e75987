"""Numbers of the pair on the sphere that derived functions move, each from scratch."""

import math
from collections.abc import Callable
from fractions import Fraction
from types import SimpleNamespace
from typing import Literal

import flint
import numpy as np

import anneal_theory as at
from anneal_theory.fixed_points import sphere_rests as rests_on_sphere
from anneal_theory.fixed_points.sphere_flow import FrozenSphere
from anneal_theory.gradient_flow.sphere import sphere_system
from anneal_theory.models.sphere_means import sphere_means
from anneal_theory.models.sphere_means_kernels import start_state as place_uneven
from anneal_theory.models.sphere_pair import sphere_pair
from anneal_theory.models.sphere_pair_kernels import start_state
from anneal_theory.models.sphere_sides import slowest_return
from anneal_theory.numerics.taylor import series_length, step_series
from anneal_theory.precision import flint_precision
from anneal_theory.probability.digits.average import Average
from anneal_theory.probability.digits.sphere_starts import SphereStarts
from anneal_theory.problem import Dynamics
from anneal_theory.schedules.series import pieces
from anneal_theory.schedules.variance import variance_along
from anneal_theory.threshold.digits.sphere_separatrix import SphereSeparatrix
from anneal_theory.threshold.digits.sphere_series import AnnealedSphere
from anneal_theory.threshold.sphere.antipodal import antipodal_alpha, antipodal_temperature
from anneal_theory.threshold.sphere.background_kernels import background_rates
from anneal_theory.threshold.sphere.closed_form import closed_form_threshold, slow_cooling_threshold
from anneal_theory.threshold.sphere.linear_passage import passage_threshold
from anneal_theory.threshold.sphere.rates import sphere_growth_rates
from anneal_theory.threshold.sphere.slow_background import slow_sphere_threshold
from tests.derivations.free_numbers import STEPS
from tests.oracles.plain_runs import plain_run

TARGET, SCHEDULE = at.BimodalTarget(3, "0.8"), at.Exponential(10, 10)
VARIANCES: tuple[Literal["trained", "follows-temperature"], ...] = "trained", "follows-temperature"
ON_SPHERE = Dynamics(constraint="sphere", variance="trained")


def _sphere_run(dim: float = math.inf) -> list[float]:
    """A compiled run of training on the sphere after some steps, and its clock."""
    model = sphere_pair(TARGET, SCHEDULE, ON_SPHERE, dim)
    y = np.array([-2.5, 0.3, 0.1, model.parameters[4]])
    _, clock, _ = plain_run(model, y, 1e-8, STEPS)
    return [*y, clock]


def _uneven_run() -> list[float]:
    """The same where the weights of the family are unequal, with both kinds of variances that move, and a start."""
    found = []
    for variance in VARIANCES:
        rules = Dynamics(family_weight="0.6", constraint="sphere", variance=variance)
        model, begun = sphere_means(TARGET, SCHEDULE, rules, 64), np.empty(5)
        y = np.array([0.9, -0.4, 0.1, 1.5, 1.6])
        _, clock, _ = plain_run(model, y, 1e-8, STEPS)
        place_uneven(np.full(2, 0.3), 0.3, model.parameters, begun)
        found += [*y, clock, *begun]
    return found


def _variances_that_stay() -> list[float]:
    """How fast variances come back to 1 where that is slowest."""
    return [slowest_return(0.7, dim, 0.3) for dim in (8, 32)]


def _sphere_series(log_x: float, dim: float = math.inf) -> list[float]:
    """The power series of a run on the sphere, summed at time 1/4, and what the start does to its end."""
    with flint_precision(140), series_length(20):
        temperature = pieces(SCHEDULE)[0].local(flint.arb(0))
        start = [flint.arb(one) for one in (log_x, 0.3, 0.1, 2.0)]
        series, slopes = step_series(AnnealedSphere(TARGET, ON_SPHERE, 70, dim), start, temperature, 20)
        moved = slopes[1][1], slopes[1][3], *([slopes[3][1]] if dim < math.inf else [])
        ends = [flint.arb_poly(one.coeffs())(flint.arb(0.25)) for one in (*series, *moved)]
        return [float(one.mid()) for one in ends]


def _sphere_model() -> list[float]:
    """Where shooting starts on the sphere, and a variance a time later at its saddle."""
    model = SphereSeparatrix(TARGET, SCHEDULE, ON_SPHERE, Fraction(1, 10), Fraction(1, 5))
    with flint_precision(80):
        begun = model.start(flint.arb(-2))
        (first, *_) = model.branches(1.0)
        rest = model.rest(first, 1.0, begun)
        assert rest is not None
        return [float(one) for one in (*begun, model.resting(rest, begun, 1.0, 1.0)[3])]


def _sphere_states() -> list[float]:
    """Angles turning, and attractors with their losses in six dimensions."""
    flow, angles = FrozenSphere(TARGET, 2.0, 2.0), (np.array([0.3]), np.array([2.0]))
    turning = [float(one[0]) for one in flow.turning(*angles)]
    (point,) = (p for p in at.attractors(TARGET, temperature=2.0, constraint="sphere", variance="trained")[1:2])
    begun = at.SphereState.from_overlaps(1.0, -0.5, 0.2, TARGET)
    cosines = float(begun.cosine), float(begun.mean_cosine)
    pulls, turns = rests_on_sphere.pulls(flow, angles[0]), rests_on_sphere.monotone_pieces(flow)[0]
    loss = point.loss_in(6) - point.loss  # type: ignore[attr-defined]
    return [*turning, loss, *cosines, float(pulls[0]), *turns]


def _sphere_starts() -> list[float]:
    state = np.empty(4)
    start_state(np.full(2, 0.3), 0.3, sphere_pair(TARGET, SCHEDULE, ON_SPHERE).parameters, state)
    return list(state)


def _variances() -> list[float]:
    """Trained variances: the closed form, at kappa = 1, after its end, and where the equation is solved."""
    lagging, even = at.schedules.ExponentialToOne(9, 4), at.schedules.ExponentialToOne(9, 1)
    return [value for one in (lagging, even, SCHEDULE) for value in variance_along(one, [2.0, 9.0]).tolist()]


def _sphere_threshold() -> list[float]:
    """The linear passage to the end of the annealing, and the error stated."""
    found = passage_threshold(TARGET, at.schedules.ExponentialToOne(9, 4), end="annealing")
    return [float(found.log_value), found.log_error]


def _background() -> list[float]:
    """Rates of a drifting pair on the sphere and of its response, and the threshold that they add up to."""
    moving = Dynamics("free-energy", constraint="sphere", variance="trained")
    model, out = sphere_pair(TARGET, SCHEDULE, moving), np.empty(7)
    background_rates(np.array([0.0, 0.9, -0.3, 0.5, 0.7, -0.4, 0.8]), 1.7, model.parameters, model.averages, out)
    found = slow_sphere_threshold(TARGET, at.ExponentialToOne(2, duration=1), ON_SPHERE)
    return [*out, found.log_value, found.parts["size"]]


def _variance_in_a_dimension() -> list[float]:
    system, _ = sphere_system(TARGET, SCHEDULE, at.SphereState([0.3], [0.2], [0.1]), ON_SPHERE, 1e-8, 8.0)
    return system.rates(1.0, system.start).tolist()[3:]


def _antipodal() -> list[float]:
    rates = sphere_growth_rates(TARGET, 20, 25)
    return [antipodal_alpha(), antipodal_temperature(TARGET), *(float(rates[name]) for name in ("cosine", "sum"))]


def _hot_start() -> list[float]:
    return [float(at.asymptotics.hot_start_shift(TARGET, at.ExponentialToOne(5000, 4)))]


def _digits_of_starts() -> list[float]:
    """The density of a start on the sphere in digits, and the integrand of their average at a threshold."""
    starts = SphereStarts(TARGET, SCHEDULE, at.SphereInit(16), ON_SPHERE)
    whole = SimpleNamespace(centre=flint.arb(0), panel=SimpleNamespace(side=0))
    height = Average._height(SimpleNamespace(starts=starts), whole, flint.arb("0.2"), flint.arb(-2))
    return [float(starts.log_density(flint.arb("0.2"))), float(height)]


NUMBERS: dict[str, Callable[[], list[float]]] = {
    "sphere run": _sphere_run,
    "run in a dimension": lambda: _sphere_run(3.0),
    "run of unequal weights": _uneven_run,
    "variances that stay": _variances_that_stay,
    "starts on the sphere": _sphere_starts,
    "trained variance": _variances,
    "sphere threshold": _sphere_threshold,
    "paper's closed form": lambda: [closed_form_threshold(TARGET, at.schedules.ExponentialToOne(90, 4))],
    "slow cooling": lambda: [float(slow_cooling_threshold(TARGET, 4, digits=6))],
    "antipodal pair": _antipodal,
    "variance in a dimension": _variance_in_a_dimension,
    "sphere sides": lambda: sphere_pair(TARGET, SCHEDULE, ON_SPHERE).basins[:, 2].tolist(),
    "sphere series": lambda: _sphere_series(-1.0),
    "close sphere series": lambda: _sphere_series(-30.0),
    "series in a dimension": lambda: _sphere_series(-1.0, 3),
    "sphere digits": _sphere_model,
    "sphere states": _sphere_states,
    "sphere background": _background,
    "digits of starts on the sphere": _digits_of_starts,
    "hot start": _hot_start,
}
