"""What each derived function moves: ``python -m tests.derivations.mutated_outputs``, with NUMBA_DISABLE_JIT=1.

Without the compiler njit leaves functions as they are, so a derived function can be replaced in the running package by
one whose results are 1.01 times as large. Numbers that depend on it are computed before and after and printed as JSON:
function, then number, then the largest relative change.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from fractions import Fraction
from importlib import import_module
from typing import Any, Literal

import flint
import numpy as np

import anneal_theory as at
from anneal_theory.averages.explained import explained_share
from anneal_theory.fixed_points import landscape_of, unstable_overlap
from anneal_theory.fixed_points import sphere_rests as rests_on_sphere
from anneal_theory.fixed_points.sphere_flow import FrozenSphere
from anneal_theory.gradient_flow import FullState, GramState, ReducedState, solve_flow
from anneal_theory.gradient_flow.general import loss_gradients
from anneal_theory.models.free_pair import free_pair, full_free_pair
from anneal_theory.models.free_pair_run_kernels import evolve_full, evolve_reduced, full_distances, reduced_place
from anneal_theory.models.sphere_pair import sphere_pair
from anneal_theory.models.sphere_pair_kernels import evolve as evolve_on_sphere
from anneal_theory.models.sphere_pair_kernels import start_state
from anneal_theory.models.trapping_regions import trapping_boxes
from anneal_theory.numerics.taylor import series_length, step_series
from anneal_theory.precision import flint_precision
from anneal_theory.probability.cap_digits import cap_chance
from anneal_theory.probability.cap_probability import log_cap
from anneal_theory.probability.distance_law import AcrossLaw, fixed_distance, interpolated, polynomial_reads
from anneal_theory.probability.exact.integrand_scan import Integrand, Side
from anneal_theory.probability.noisy.pair_noise_kernels import noisy_run, quantile_run
from anneal_theory.probability.noisy.training_noise import noisy_training
from anneal_theory.probability.sphere.rules import log_cosine_density
from anneal_theory.problem import Dynamics
from anneal_theory.schedules.series import pieces
from anneal_theory.schedules.variance import variance_along
from anneal_theory.threshold.departures import Departures
from anneal_theory.threshold.digits.annealed_series import AnnealedPair
from anneal_theory.threshold.digits.any_digits import threshold_at_digits
from anneal_theory.threshold.digits.saddles import saddle_at
from anneal_theory.threshold.digits.sphere_separatrix import SphereSeparatrix
from anneal_theory.threshold.digits.sphere_series import AnnealedSphere
from anneal_theory.threshold.slow.passage import drift_integrals, passage
from anneal_theory.threshold.slow.slow_annealing import slow_exponent
from anneal_theory.threshold.sphere.antipodal import antipodal_alpha, antipodal_temperature
from anneal_theory.threshold.sphere.closed_form import closed_form_threshold, slow_cooling_threshold
from anneal_theory.threshold.sphere.linear_passage import passage_threshold
from docs.studies.slow_tables import branch_integrals, normal_form_prefactor
from tests.agreement.wrong_theory import forget

FACTOR = 1.01
FACTORS = {"trapping.distance_ceiling": 1e-9}  # the boxes reach so far that the distance shrinks by a wide margin
TARGET, SCHEDULE, RULES = at.BimodalTarget(3, "0.8"), at.Exponential(10, 10), Dynamics()
ON_SPHERE = Dynamics(constraint="sphere", variance="trained")
UNEQUAL = {"family_weight": 0.4}
MEANS = [[0.2, 0.1, 0.0], [-0.1, 0.3, 0.2], [0.4, -0.2, 0.1]]


def _run(start: list[float]) -> list[float]:
    """The end of a compiled run of training, reduced or full, and its clock."""
    reduced = len(start) == 3
    model = (free_pair if reduced else full_free_pair)(TARGET, SCHEDULE, RULES)
    y = np.array(start)
    _, clock, _ = (evolve_reduced if reduced else evolve_full)(y, *model.packed, 1e-8, 3000, np.empty(0))
    return [*y, clock]


def _noisy_runs() -> tuple[list[float], list[float]]:
    """A few moves with large noise: the end of a run that draws it, and of one at quantiles."""
    problem = TARGET, at.Hold(10, 1), at.GaussianInit(8), RULES
    training = noisy_training(*problem, batch_size=2, step_size=0.5, gradient="plain")
    few = (*(part[:4] for part in training.plan[:3]), training.plan[3])
    drawn, work, start = np.array([0.3, 0.5, 1.0]), np.empty((3, 4)), (0.3, 0.5, 0.1, 0.2)
    noisy_run(np.random.default_rng(1), drawn, training.problem, training.noise, few, 9)
    quantile_run(start, (1.1, 0.7), training.problem, training.noise, few, work)
    return drawn.tolist(), work[0].tolist()


def _sphere_run() -> list[float]:
    """The end of a compiled run of training on the sphere, and its clock."""
    model = sphere_pair(TARGET, SCHEDULE, ON_SPHERE)
    y = np.array([-2.5, 0.3, 0.1, model.parameters[4]])
    _, clock, _ = evolve_on_sphere(y, *model.packed, 1e-8, 3000, np.empty(0))
    return [*y, clock]


def _series(log_rho: float, log_across: float) -> list[float]:
    """The power series of a run at many digits, summed at time 1/4."""
    with flint_precision(140), series_length(30):
        heat = pieces(SCHEDULE)[0].local(flint.arb(0))
        start = [flint.arb(one) for one in (0.3, log_rho, log_across)]
        series, slopes = step_series(AnnealedPair(TARGET, RULES, 70), start, heat, 30)
        ends = [flint.arb_poly(one.coeffs())(flint.arb(0.25)) for one in (*series, slopes[0][1], slopes[1][1])]
        return [float(one.mid()) for one in ends]


def _sphere_series(log_x: float) -> list[float]:
    """The power series of a run on the sphere, summed at time 1/4, and what the start does to its end."""
    with flint_precision(140), series_length(20):
        heat = pieces(SCHEDULE)[0].local(flint.arb(0))
        start = [flint.arb(one) for one in (log_x, 0.3, 0.1, 2.0)]
        series, slopes = step_series(AnnealedSphere(TARGET, ON_SPHERE, 70), start, heat, 20)
        ends = [flint.arb_poly(one.coeffs())(flint.arb(0.25)) for one in (*series, slopes[1][1], slopes[1][3])]
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


def _trajectory(start: Any, **rules: Any) -> list[float]:
    run = solve_flow(TARGET, SCHEDULE, start, [0.0, 3.0], rtol=1e-8, **rules)
    return [float(value) for name in run.statistics for value in np.ravel(run[name][-1])]


def _loss() -> list[float]:
    found = loss_gradients(GramState.from_means(MEANS, TARGET), 2.0, 5)
    return [found.loss, found.means[0, 0], found.means[0, 3], found.variance, found.weight_logits[0]]


def _saddle() -> list[float]:
    found = saddle_at(TARGET, RULES, 1.0, (9.6, -0.7))
    return [found.m1, found.m2, found.rate]


def _exact() -> list[float]:
    cold = at.Constant(1)  # whose run takes few power series
    return [float(threshold_at_digits(TARGET, cold, Fraction(0), Fraction(2), RULES, 8, -1.2459661).log_value)]


def _passage() -> list[float]:
    found = passage(landscape_of(TARGET).heavy)
    wall, _ = drift_integrals(landscape_of(TARGET).heavy)
    return [*(float(one) for one in (found.critical_temperature, found.drive, found.orbit_offset)), wall]


def _slow() -> list[float]:
    """The threshold of slow annealing to leading order, and with its prefactor and its error."""
    slow, leading = at.Exponential(30, 3000), at.Exponential(10, 3000)
    found = slow_exponent(landscape_of(TARGET).heavy, slow, RULES)
    return [
        float(found.value), float(found.log_prefactor), found.error_parts[0],
        at.collapse_threshold(TARGET, leading, method="leading-order").log_value,
    ]  # fmt: skip


def _starts() -> list[float]:
    """States at which runs of every model start."""
    free = free_pair(TARGET, SCHEDULE, RULES)
    unequal = free_pair(TARGET, SCHEDULE, Dynamics(metric="natural", family_weight=0.4))
    states = np.empty((2, 3))
    for model, state in zip((free.lengths_across(), unequal), states, strict=True):
        reduced_place(np.full(2, 0.3), 0.3, model.parameters, state)
    return list(states.ravel())


def _sphere_starts() -> list[float]:
    state = np.empty(4)
    start_state(np.full(2, 0.3), 0.3, sphere_pair(TARGET, SCHEDULE, ON_SPHERE).parameters, state)
    return list(state)


def _states() -> list[float]:
    points = at.attractors(TARGET)
    return [value for point in points for value in (point.m1, point.m2, point.loss)]


def _warm_states() -> list[float]:
    return [value for point in at.attractors(TARGET, temperature=1.5) for value in (point.m1, point.m2)]


def _collapsed() -> list[float]:
    found = at.collapsed_state(TARGET)
    return [found.overlap, found.escape_rate]


def _asymptotics() -> list[float]:
    equal, limits = at.BimodalTarget(3, 0.5), at.asymptotics
    state = limits.collapsed_state(TARGET)
    numbers = [state.overlap, state.escape_rate, limits.start_rate(TARGET), limits.log_critical_temperature(TARGET)]
    numbers += [limits.fold_distance(TARGET), *limits.pairs_below_fold(TARGET, 5.5)[0]]
    numbers += [limits.hot_separation(100), limits.warm_separation("1.1"), limits.close_mmse("0.5"), limits.far_mmse(6)]
    numbers += [limits.saturated_clock(5, 100), limits.gain_exponent(equal), limits.small_start_gain(equal, "0.5")]
    return [*numbers, limits.dimension_exponent(equal), limits.large_dim_probability(equal, 10**6, "0.01")]


def _laws() -> list[float]:
    """The laws of a start of free means in few and many dimensions, and of a cosine on the sphere."""
    lengths = np.array([0.3])
    found = [AcrossLaw(dim, 0.5).log_density(np.array([place])) for dim, place in ((8, 0.3), (3000, 3.65))]
    free = free_pair(TARGET, SCHEDULE, RULES)
    scan = Integrand(Departures(free, 1e-6), 0.7, fixed_distance(8, 0.5))
    found += [scan.log_weight(Side(0.0, 1.0, -1.0, 1.0), lengths)]
    found += [log_cosine_density(np.array([one]), dim) for dim, one in ((5, 0.4), (10**8, 1e-5))]
    return [float(one[0]) for one in found]


def _pair_states() -> list[float]:
    """A reduced state as a full one, its overlaps, and a full state as a reduced one."""
    full, reduced = REDUCED_START.full(TARGET), FULL_START.reduced(TARGET)
    return [float(one) for one in (full.m1, full.s11, full.s12, full.s22, *REDUCED_START.overlaps(), reduced.s)]


def _slow_chance() -> list[float]:
    slow = at.Exponential(30, 3000)
    return [float(at.collapse_probability(TARGET, slow, at.GaussianInit(8), method="slow-annealing", digits=8).value)]


def _angles() -> list[float]:
    """Chances of caps in doubles, far in the tail, and in digits, and a threshold between lengths."""
    tail = log_cap(np.array([40.0]), 30)[1]
    between = interpolated(polynomial_reads(np.array([0.5]), 3), np.array([[-2.0], [-1.5], [0.5]]))
    return [float(tail[0]), float(between[0, 0])]


def _ball(found: at.Ball) -> list[float]:
    return [float(found.midpoint), float(found.radius)]


def _variances() -> list[float]:
    """Trained variances: the closed form, at kappa = 1, after its end, and where the equation is solved."""
    lagging, even = at.schedules.ExponentialToOne(9, 4), at.schedules.ExponentialToOne(9, 1)
    return [value for one in (lagging, even, SCHEDULE) for value in variance_along(one, [2.0, 9.0]).tolist()]


def _sphere_threshold() -> list[float]:
    """Both ends of the linear passage, and the error stated."""
    rules: tuple[Literal["saturation", "annealing"], ...] = ("saturation", "annealing")
    found = [passage_threshold(TARGET, at.schedules.ExponentialToOne(9, 4), end=end) for end in rules]
    return [value for one in found for value in (float(one.log_value), one.log_error)]


def _sphere_closed() -> list[float]:
    """The paper's closed formula, and slow cooling by Laplace's method."""
    return [closed_form_threshold(TARGET, at.schedules.ExponentialToOne(90, 4)), slow_cooling_threshold(TARGET, 4)]


ONE_MODE = 1.4538  # a separation whose two modes do just not hold a single mean apart: f'(0) = -0.006
REDUCED_START, FULL_START = ReducedState(0.3, 0.5, 1.0), FullState.from_means(MEANS[0], MEANS[1], TARGET)
NUMBERS: dict[str, Callable[[], list[float]]] = {
    "reduced run": lambda: _run([0.0, -2.5, 0.35]),
    "close run": lambda: _run([0.3, -8.0, -1.0]),
    "full state": lambda: list(full_distances(np.array([0.3, -0.2, 1.0, 0.1, 0.9]), 3.0)),
    "full run": lambda: _run([0.3, -0.2, 1.0, 0.1, 0.9]),
    "sphere run": _sphere_run,
    "starts": _starts,
    "starts on the sphere": _sphere_starts,
    "slow annealing": _slow,
    "normal form": lambda: [normal_form_prefactor(TARGET, 1e-3)],
    "explained, close and far": lambda: explained_share(np.array([1.0, 12.0]), Fraction(1, 2)).tolist(),
    "barely warm separation": lambda: [at.hot_separation("1." + "0" * 30 + "1")],
    "trajectory of the free energy": lambda: _trajectory(REDUCED_START, objective="free-energy"),
    "trained variance": _variances,
    "sphere threshold": _sphere_threshold,
    "sphere closed forms": _sphere_closed,
    "laws of a start": _laws,
    "states of a pair": _pair_states,
    "angles": _angles,
    "caps, digits": lambda: [float(cap_chance(8, rho=one, digits=15).value) for one in ("0.5", 2)],
    "slow probability, digits": _slow_chance,
    "antipodal pair": lambda: [antipodal_alpha(), antipodal_temperature(TARGET)],
    "sphere sides": lambda: sphere_pair(TARGET, SCHEDULE, ON_SPHERE).basins[:, 2].tolist(),
    "threshold, digits": _exact,
    "sphere series": lambda: _sphere_series(-1.0),
    "close sphere series": lambda: _sphere_series(-30.0),
    "sphere digits": _sphere_model,
    "sphere states": _sphere_states,
    "series": lambda: _series(-0.5, 0.0),
    "close series": lambda: _series(-60.0, 0.2),
    "reduced trajectory": lambda: _trajectory(REDUCED_START),
    "trajectory along the axis": lambda: _trajectory(ReducedState(0.3, 4.0, 0.5)),
    "reduced trajectory, Radau": lambda: _trajectory(REDUCED_START, method="Radau"),
    "full trajectory": lambda: _trajectory(FULL_START, family_weight=0.4),
    "full trajectory, Radau": lambda: _trajectory(FULL_START, family_weight=0.4, method="Radau"),
    "general trajectory": lambda: _trajectory(GramState.from_means(MEANS, TARGET)),
    "gradients of the loss": _loss,
    "saddle": _saddle,
    "attractors": _states,
    "warm attractors": _warm_states,
    "hot separation": lambda: [at.hot_separation(10)],
    "warm separation": lambda: [at.hot_separation("1.0001"), float(at.hot_separation("1.0001", digits=15))],
    "transient gain": lambda: [at.transient_gain(TARGET), float(at.transient_gain(TARGET, digits=15))],
    "collapsed branch": lambda: [branch_integrals(TARGET)],
    "asymptotics": _asymptotics,
    "collapsed state": _collapsed,
    "T_c": lambda: [at.critical_temperature(TARGET)],
    "T_c, digits": lambda: _ball(at.critical_temperature(TARGET, digits=15, certified=True)),
    "R_c, digits": lambda: _ball(at.critical_separation("0.8", digits=15, certified=True)),
    "second mode": lambda: [1.0 if unstable_overlap(at.BimodalTarget(ONE_MODE, 0.5)) is None else 2.0],
    "passage": _passage,
    "noisy run": lambda: _noisy_runs()[0],
    "run at quantiles": lambda: _noisy_runs()[1],
    "trapping boxes": lambda: trapping_boxes(TARGET, RULES)[:, 1:].ravel().tolist(),
}


FULL_RUN = ("full run",)
REDUCED_NUMBERS = ("reduced run", "series", "reduced trajectory")
# Function of anneal_theory.formulas: the numbers it must move. Rates, places and rest points move them by about as
# much as they are wrong; a Jacobian is only how an implicit step or Newton's method gets there, so a wrong one changes
# rounding or step sizes, and any change is asked for (see JACOBIANS).
MOVES: dict[str, tuple[str, ...]] = {
    "sphere_flow.label_widening": ("sphere series", "close sphere series"),
    "sphere_flow_mp.sphere_overlaps": ("sphere series",),
    "sphere_flow_mp.sphere_pair_jacobian": ("sphere series", "close sphere series"),
    "sphere_flow_mp.sphere_pair_flow_by_log_variance": ("sphere series", "close sphere series"),
    "sphere_flow_mp.sphere_start": ("sphere digits",),
    "sphere_flow.cosine_of_difference": ("sphere states",),
    "sphere_flow.cosine_of_sum": ("sphere states",),
    "sphere_flow_mp.overlap_argument": ("sphere series",),
    "sphere_rest.plane_places": ("sphere states",),
    "sphere_rest.rest_pull": ("sphere states",),
    "sphere_rest.rest_pull_slope": ("sphere states",),
    "sphere_rest.plane_flow": ("sphere states",),
    "sphere_rest.width_divergence": ("sphere states",),
    "sphere_variance.relaxing_variance": ("sphere digits",),
    "sphere_variance.variance_rate": ("trained variance",),
    "sphere_variance_mp.lagging_variance": ("trained variance", "sphere threshold"),
    "sphere_variance_mp.lagging_variance_even": ("trained variance",),
    "sphere_variance_mp.relaxing_variance": ("trained variance",),
    "sphere_formulas.bias_of_target": ("sphere threshold", "sphere closed forms"),
    "sphere_formulas.passage_rates": ("sphere threshold",),
    "sphere_formulas.passage_sum": ("sphere threshold",),
    "sphere_formulas_mp.passage_distance": ("sphere threshold", "antipodal pair"),
    "sphere_formulas_mp.passage_integrand": ("sphere threshold",),
    "sphere_formulas_mp.passage_turn": ("sphere threshold",),
    "sphere_formulas_mp.log_passage_threshold": ("sphere threshold",),
    "sphere_formulas.antipodal_growth": ("antipodal pair",),
    "sphere_formulas_mp.antipodal_surplus": ("antipodal pair", "sphere closed forms"),
    "sphere_formulas_mp.antipodal_surplus_slope": ("sphere closed forms",),
    "sphere_formulas.stability_constant_of": ("antipodal pair",),
    "sphere_formulas_mp.hot_growth": ("sphere closed forms",),
    "sphere_formulas.laplace_bend": ("sphere closed forms",),
    "sphere_formulas_mp.laplace_exponent": ("sphere closed forms",),
    "sphere_formulas_mp.laplace_threshold": ("sphere closed forms",),
    "sphere_formulas_mp.paper_exponent": ("sphere closed forms",),
    "sphere_formulas_mp.paper_threshold": ("sphere closed forms",),
    "alignment.reduced_log_flow": (
        *REDUCED_NUMBERS,
        "threshold, digits",
        "close run",
        "close series",
        "reduced trajectory, Radau",
    ),
    "alignment.alignment_rate": REDUCED_NUMBERS,
    "alignment.full_flow": FULL_RUN,
    "alignment.clock_pace": REDUCED_NUMBERS,
    "growth_rate.gauss_overlaps": ("close run",),
    "growth_rate.growth_close": ("close run",),
    "growth_rate.growth_close_slopes": ("close run",),
    "growth_rate.growth_apart": ("reduced run", "series"),
    "growth_rate.coincident_growth": ("collapsed state", "warm attractors"),
    "growth_rate.close_averages": ("close series",),
    "growth_rate.close_slopes": ("close series",),
    "pair_coordinates.angle_across_axis": ("reduced run", "reduced trajectory"),
    "pair_coordinates.angle_near_axis": ("reduced run", "trajectory along the axis"),
    "pair_coordinates.reduced_overlaps": ("reduced run", "reduced trajectory"),
    "pair_coordinates_mp.across_places": ("series", "close series"),
    "pair_coordinates.across_coordinates": ("passage",),
    "pair_coordinates.aligned_overlaps": ("states of a pair",),
    "pair_coordinates.weighted_mean": ("states of a pair",),
    "pair_coordinates.reduced_to_full": ("states of a pair",),
    "start_law.angle_of_cotangent": ("caps, digits",),
    "start_law.normal_exponent": ("laws of a start", "slow probability, digits"),
    "start_law.log_normal_norm": ("laws of a start",),
    "start_law_mp.log_normal_norm": ("slow probability, digits",),
    "start_law.log_cosine": ("angles",),
    "start_law.log_rho_of_cosine": ("angles",),
    "start_law.log_sine_squared": ("angles",),
    "start_law.log_typical_length": ("laws of a start",),
    "start_law.log_length_norm": ("laws of a start",),
    "start_law.log_length_norm_large": ("laws of a start",),
    "start_law.log_length_density": ("laws of a start",),
    "start_law.log_cosine_density": ("laws of a start",),
    "start_law.log_gamma_ratio_large": ("laws of a start",),
    "pair_coordinates.log_stretch": ("starts",),
    "pair_coordinates.run_start": ("starts",),
    "pair_coordinates.run_places": ("reduced trajectory",),
    "pair_coordinates_mp.across_start": ("threshold, digits",),
    "pair_coordinates.distance_squared": FULL_RUN,
    "pair_coordinates.across_squared": ("full state",),
    "pair_coordinates.quarter_squared": ("passage",),
    "pair_coordinates.centre_overlaps": ("full trajectory",),
    "pair_coordinates.to_centre": ("full trajectory",),
    "pair_coordinates.from_centre": ("full trajectory",),
    "pair_statistics.centre_flow": ("full trajectory", "full trajectory, Radau"),
    "pair_statistics.centre_jacobian": ("full trajectory, Radau",),
    "pair_statistics.reduced_log_jacobian": ("reduced run", "reduced trajectory, Radau"),
    "pair_statistics.reduced_log_flow_by_temperature": ("reduced run",),
    "pair_statistics.reduced_across_jacobian": ("series", "close series"),
    "pair_statistics.overlap_log_jacobian": ("passage",),
    "summary_statistics.tempered_factors": ("reduced trajectory", "series"),
    "summary_statistics.free_energy_factors": ("trajectory of the free energy",),
    "summary_statistics.full_jacobian": FULL_RUN,
    "summary_statistics.full_flow_by_repulsion": FULL_RUN,
    "fixed_points.aligned_rest": ("saddle", "passage"),
    "fixed_points.aligned_rest_jacobian": ("saddle",),
    "fixed_points.across_rate": ("passage",),
    "fixed_points.across_push": ("hot separation",),
    "fixed_points.close_across_rate": ("warm separation",),
    "fixed_points.drift_from_zero": ("warm attractors",),
    "fixed_points.rest_surplus": ("warm attractors",),
    "fixed_points.close_rest_surplus": ("warm attractors",),
    "fixed_points.partner_drift": ("T_c", "warm attractors"),
    "fixed_points.rest_temperature": ("T_c",),
    "fixed_points.single_drift": ("collapsed state", "T_c", "trapping boxes"),
    "fixed_points.single_drift_slope": ("second mode",),
    "fixed_points.divergence": ("attractors",),
    "fixed_points.saddle_node": ("T_c, digits",),
    "fixed_points.saddle_node_jacobian": ("T_c, digits",),
    "saddle_node.critical_separation_system": ("R_c, digits",),
    "saddle_node.critical_separation_jacobian": ("R_c, digits",),
    "saddle_node.fold_normal_form": ("asymptotics",),
    "saddle_node.fold_null_vector": ("asymptotics",),
    "slow_passage.passage_coefficients": ("passage",),
    "slow_passage.passage_wall": ("passage",),
    "slow_passage.passage_offset": ("normal form",),
    "slow_passage.ramp_scale": ("slow annealing", "normal form"),
    "slow_passage_mp.ramp_scale": ("slow annealing",),
    "slow_prefactor_mp.passage_time": ("slow annealing",),
    "slow_prefactor.refined_prefactor": ("slow annealing",),
    "slow_prefactor.drift_of_the_orbit": ("slow annealing",),
    "slow_prefactor.bend_of_the_ramp": ("slow annealing",),
    "slow_annealing.slow_threshold": ("slow annealing",),
    "label_overlap.explained_share": ("explained, close and far",),
    "label_overlap.explained_density": ("explained, close and far",),
    "hot_phase.hot_distance_squared_leading": ("barely warm separation",),
    "gradient_noise.noise_across": ("noisy run", "run at quantiles"),
    "gradient_noise.noise_in_plane": ("noisy run", "run at quantiles"),
    "gradient_noise.spread_after": ("run at quantiles",),
    "gradient_noise.typical_length": ("run at quantiles",),
    "gradient.mean_pull": ("general trajectory", "gradients of the loss"),
    "gradient.mode_pull": ("general trajectory", "gradients of the loss"),
    "gradient.variance_slope": ("gradients of the loss",),
    "gradient.logit_gradient": ("gradients of the loss",),
    "sphere_flow.sphere_pair_flow": ("sphere run",),
    "sphere_flow.sphere_start": ("starts on the sphere",),
    "sphere_flow.sphere_overlaps": ("sphere run",),
    "sphere_flow.sphere_pair_jacobian": ("sphere run",),
    "sphere_flow.sphere_pair_flow_by_temperature": ("sphere run",),
    "sphere_flow.sphere_pair_flow_by_log_variance": ("sphere run",),
    "sphere_flow.log_variance_flow": ("sphere run",),
    "sphere_flow.sphere_trapping_ceiling": ("sphere sides",),
    "trapping.overlap_ceiling": ("trapping boxes",),
    "trapping.distance_ceiling": ("trapping boxes",),
    "label_overlap.information_by_distance": ("attractors",),
    "slow_annealing.branch_centre": ("collapsed branch",),
    "slow_annealing.branch_growth": ("collapsed branch",),
    "slow_annealing.branch_overlap": ("collapsed branch",),
    "slow_annealing.branch_log_rho": ("collapsed branch",),
    "transient_gain.gain_quotient": ("transient gain",),
} | dict.fromkeys(
    (
        "hot_phase.hot_distance_squared_warm", "hot_phase_mp.hot_distance_squared_hot", "hot_phase_mp.lambert_argument",
        "label_overlap.overlap_small", "label_overlap_mp.overlap_large", "large_separation_mp.collapsed_overlap_large",
        "large_separation_mp.escape_rate_large", "large_separation_mp.fold_distance_large",
        "large_separation_mp.fold_place_large", "large_separation_mp.log_critical_temperature_large",
        "large_separation_mp.start_rate_large", "slow_annealing_mp.saturated_hot_clock",
        "transient_gain.dimension_exponent", "transient_gain.gain_exponent", "transient_gain_mp.gain_small_start",
        "transient_gain.symmetric_probability",
    ),
    ("asymptotics",),
)  # fmt: skip
JACOBIANS = frozenset(
    name for name in MOVES if "jacobian" in name or "slopes" in name or "flow_by_" in name or "growth_apart" in name
)


# The zeros of these are asked for, which a factor would not move: they are wrong by 0.01 instead.
ZEROS = frozenset(
    {"fixed_points.aligned_rest", "fixed_points.single_drift", "fixed_points.single_drift_slope",
     "fixed_points.saddle_node", "saddle_node.critical_separation_system", "fixed_points.rest_surplus",
     "sphere_formulas.antipodal_growth", "sphere_formulas_mp.antipodal_surplus",
     "sphere_rest.rest_pull_slope",
     "fixed_points.close_rest_surplus", "fixed_points.close_across_rate", "slow_annealing.branch_centre"}
)  # fmt: skip
# Only the ratios of their entries count: the last entry alone is wrong.
RATIOS = frozenset({"transient_gain.gain_quotient", "saddle_node.fold_normal_form"})


def _wrong(name: str, value: Any) -> Any:
    """A result of a derived function, by one per cent wrong."""
    if isinstance(value, tuple):
        if name in RATIOS:
            return *value[:-1], FACTOR * value[-1]
        return tuple(_wrong(name, one) for one in value)
    return value + 0.01 if name in ZEROS else FACTORS.get(name, FACTOR) * value


@contextmanager
def mutated(name: str) -> Iterator[None]:
    """The package with one derived function times `FACTOR`, wherever a module holds it."""
    module, _, function = name.rpartition(".")
    right = getattr(import_module(f"anneal_theory.formulas.{module}"), function)

    def wrong(*arguments: Any, **named: Any) -> Any:
        return _wrong(name, right(*arguments, **named))

    places = [(held, key) for held in package() for key, value in vars(held).items() if value is right]
    for held, key in places:
        setattr(held, key, wrong)
    try:
        yield
    finally:
        for held, key in places:
            setattr(held, key, right)


def package() -> list[Any]:
    """Every loaded module of the package and of the studies."""
    roots = "anneal_theory", "docs"
    return [module for name, module in list(sys.modules.items()) if name.split(".")[0] in roots]


def number(name: str) -> list[float]:
    """One of the numbers, from scratch."""
    forget()
    return NUMBERS[name]()


def wrong_number(name: str) -> list[float]:
    """The same with a wrong theory, which may fail in any way: nothing then, which is a change too."""
    try:
        return number(name)
    except Exception:
        return []


def change(before: list[float], after: list[float]) -> float:
    """The largest relative change; infinite where the numbers are not comparable."""
    if len(before) != len(after):
        return float("inf")
    return max(abs(b - a) / max(abs(a), abs(b), 1e-300) for a, b in zip(before, after, strict=True))


def main() -> None:
    """For each function named on the standard input, the changes of every number that it must move, as a line.

    "nothing" stands for all numbers computed again. What is not wrong is computed when it is first asked for.
    """
    before: dict[str, list[float]] = {}
    for line in sys.stdin:
        function = line.strip()
        names = MOVES.get(function) or sorted({name for numbers in MOVES.values() for name in numbers})
        for name in names:
            if name not in before:
                before[name] = number(name)
        with mutated(function) if function in MOVES else nullcontext():
            told = {name: change(before[name], wrong_number(name)) for name in names}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
