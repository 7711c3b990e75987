"""Numbers of the free pair that derived functions move, each from scratch."""

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import flint
import numpy as np

import anneal_theory as at
from anneal_theory.averages.explained import explained_share
from anneal_theory.design import schedule_cost
from anneal_theory.design.singular_arc import arc_at
from anneal_theory.fixed_points import landscape_of, unstable_overlap
from anneal_theory.gallery.critical import held_below
from anneal_theory.gallery.plane import off_centre
from anneal_theory.gallery.setting import FigureSetting
from anneal_theory.gradient_flow import FullState, GramState, ReducedState, solve_flow
from anneal_theory.gradient_flow.general import loss_gradients
from anneal_theory.models.free_pair import free_pair, full_free_pair
from anneal_theory.models.free_pair_run_kernels import full_distances, reduced_place
from anneal_theory.models.trapping_regions import trapping_boxes
from anneal_theory.numerics.taylor import series_length, step_series
from anneal_theory.precision import flint_precision
from anneal_theory.probability.cap_digits import cap_chance, erf_chance
from anneal_theory.probability.cap_probability import log_cap
from anneal_theory.probability.distance_law import (
    AcrossLaw,
    across_rule,
    fixed_distance,
    interpolated,
    polynomial_reads,
)
from anneal_theory.probability.exact.integrand_scan import Integrand, Side
from anneal_theory.probability.large_dim.quadrature_plan import LargeDimProblem
from anneal_theory.probability.sphere.rules import log_cosine_density
from anneal_theory.probability.sphere.simulated import SphereDraws, place_of
from anneal_theory.probability.sphere.unequal import chances
from anneal_theory.problem import Dynamics
from anneal_theory.schedules.series import pieces
from anneal_theory.threshold.departures import Departures
from anneal_theory.threshold.digits.annealed_series import AnnealedPair
from anneal_theory.threshold.digits.free_separatrix import FreeSeparatrix
from anneal_theory.threshold.digits.saddles import saddle_at
from anneal_theory.threshold.slow.passage import drift_integrals, passage
from anneal_theory.threshold.slow.slow_annealing import slow_exponent
from tests.oracles.plain_runs import plain_run

TARGET, SCHEDULE, RULES = at.BimodalTarget(3, "0.8"), at.Exponential(10, 10), Dynamics()
STEPS, ALIGNED = 40, 120  # of a compiled run, from its start on; until a pair across the axis lies near it
MEANS = [[0.2, 0.1, 0.0], [-0.1, 0.3, 0.2], [0.4, -0.2, 0.1]]


def _run(start: list[float], steps: int = STEPS) -> list[float]:
    """A compiled run of training, reduced or full, after some steps, and its clock."""
    reduced = len(start) == 3
    model = (free_pair if reduced else full_free_pair)(TARGET, SCHEDULE, RULES)
    y = np.array(start)
    _, clock, _ = plain_run(model, y, 1e-8, steps)
    return [*y, clock]


def _series(log_rho: float, log_across: float) -> list[float]:
    """The power series of a run at many digits, summed at time 1/4."""
    with flint_precision(140), series_length(30):
        temperature = pieces(SCHEDULE)[0].local(flint.arb(0))
        start = [flint.arb(one) for one in (0.3, log_rho, log_across)]
        series, slopes = step_series(AnnealedPair(TARGET, RULES, 70), start, temperature, 30)
        ends = [flint.arb_poly(one.coeffs())(flint.arb(0.25)) for one in (*series, slopes[0][1], slopes[1][1])]
        return [float(one.mid()) for one in ends]


def _trajectory(start: Any, **rules: Any) -> list[float]:
    run = solve_flow(TARGET, SCHEDULE, start, [0.0, 3.0], rtol=1e-8, **rules)
    return [float(value) for name in run.statistics for value in np.ravel(run[name][-1])]


def _loss() -> list[float]:
    found = loss_gradients(GramState.from_means(MEANS, TARGET), 2.0, 5)
    return [found.loss, found.means[0, 0], found.means[0, 3], found.variance, found.weight_logits[0]]


def _saddle() -> list[float]:
    found = saddle_at(TARGET, RULES, 1.0, (9.6, -0.7))
    return [found.m1, found.m2, found.rate]


def _free_digits() -> list[float]:
    """Where shooting starts at many digits."""
    model = FreeSeparatrix(TARGET, RULES, Fraction(3, 10), Fraction(2))
    with flint_precision(80):
        return [float(one) for one in model.start(flint.arb(-1))]


def _passage() -> list[float]:
    found = passage(landscape_of(TARGET).heavy)
    wall, _ = drift_integrals(landscape_of(TARGET).heavy)
    return [*(float(one) for one in (found.critical_temperature, found.drive, found.orbit_offset)), wall]


def _slow() -> list[float]:
    """The threshold of slow annealing with its prefactor and its error."""
    found = slow_exponent(landscape_of(TARGET).heavy, at.Exponential(30, 3000), RULES)
    return [float(found.value), float(found.log_prefactor), found.error_parts[0]]


def _leading() -> list[float]:
    return [at.collapse_threshold(TARGET, at.Exponential(10, 3000), method="leading-order").log_value]


def _starts() -> list[float]:
    """States at which runs of every model start."""
    free = free_pair(TARGET, SCHEDULE, RULES)
    unequal = free_pair(TARGET, SCHEDULE, Dynamics(metric="natural", family_weight=0.4))
    states = np.empty((2, 3))
    for model, state in zip((free.lengths_across(), unequal), states, strict=True):
        reduced_place(np.full(2, 0.3), 0.3, model.parameters, state)
    return list(states.ravel())


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
    law, limit = AcrossLaw(8, 0.7), fixed_distance(8, 0.7)
    found += [[law.deviation], across_rule(law, -1.0, 1.0, 3).offsets, limit.nodes, limit.offsets]
    return [float(one[0]) for one in found]


def _starting_numbers() -> list[float]:
    """What the law of a start is summed up in: for digits, in figures, and on the sphere."""
    problem = LargeDimProblem(TARGET, SCHEDULE, at.GaussianInit(8), RULES, 8)
    chance = erf_chance(8, rho="0.5", digits=15).value
    drawn = at.SphereState.draw(at.SphereInit(8), 3, np.random.default_rng(1))
    turned = SphereDraws.of(8, 3, np.random.default_rng(1)).log_rho
    off = off_centre(FigureSetting())
    return [float(problem.distance_squared), float(problem.spread), float(chance), off, drawn.cosine[0], turned[0]]


def _pair_states() -> list[float]:
    """A reduced state as a full one, its overlaps, and a full state as a reduced one."""
    full, reduced = REDUCED_START.full(TARGET), FULL_START.reduced(TARGET)
    angled = ReducedState.from_rho(0.0, 0.4, 1.1, TARGET)
    pair = at.SphereState.from_means([1.0, 2.0, 2.0], [2.0, 2.0, 1.0])
    told = (full.m1, full.s11, full.s12, full.s22, *REDUCED_START.overlaps(), reduced.s, angled.rho(TARGET))
    return [float(one) for one in (*told, angled.delta, angled.perp, pair.pair_overlap)]


def _possible() -> list[float]:
    """Whether a state that no two vectors have is refused: its products across the axis are 1, 1.003 and 1."""
    try:
        FullState(3.0, -3.0, 2.0, 0.003, 2.0).require_target(TARGET)
    except at.DomainError:
        return [1.0]
    return [2.0]


def _slow_chance() -> list[float]:
    slow = at.Exponential(30, 3000)
    return [float(at.collapse_probability(TARGET, slow, at.GaussianInit(8), method="slow-annealing", digits=8).value)]


def _angles() -> list[float]:
    """Chances of caps in doubles, far in the tail, and in digits, a threshold between lengths, and signed places."""
    tail = log_cap(np.array([40.0]), 30)[1]
    between = interpolated(polynomial_reads(np.array([0.5]), 3), np.array([[-2.0], [-1.5], [0.5]]))
    beside = chances(np.array([[0.2], [0.5]]), 8)[0]
    return [float(tail[0]), float(between[0, 0]), float(beside[0]), float(place_of(np.array([0.3]))[0])]


def _ball(found: at.Ball) -> list[float]:
    return [float(found.midpoint), float(found.radius)]


ONE_MODE = 1.4538  # a separation whose two modes do just not hold a single mean apart: f'(0) = -0.006
REDUCED_START, FULL_START = ReducedState(0.3, 0.5, 1.0), FullState.from_means(MEANS[0], MEANS[1], TARGET)


def _table() -> list[float]:
    """A table of temperatures read by time, by its clock, and to many digits."""
    table = at.Piecewise([0, 3], [9, 1])
    clocks = [table.clock(1.0), float(table.clock_above(3, digits=15))]
    return [*clocks, table.inverse_clock(0.2), table.temperature_at_clock(0.2), table.excess_at_clock(0.2)]


def _schedule_costs():
    families = "cold-then-pulse", "hold", "exponential", "exponential-to-one"
    ways = itertools.product(families, ("tempered-target", "free-energy"))
    return [schedule_cost(TARGET, at.GaussianInit(16), 1e-6, family=family, objective=way) for family, way in ways]


def _arc():
    ways = "tempered-target", "free-energy"
    found = [arc_at(TARGET, "0.9", "0.8", "2.3", at.Dynamics(objective=way)) for way in ways]
    return [number for pair in found for number in pair]


NUMBERS: dict[str, Callable[[], list[float]]] = {
    "reduced run": lambda: _run([0.0, -2.5, 0.35], ALIGNED),
    "close run": lambda: _run([0.3, -8.0, -1.0]),
    "full state": lambda: list(full_distances(np.array([0.3, -0.2, 1.0, 0.1, 0.9]), 3.0)),
    "full run": lambda: _run([0.3, -0.2, 1.0, 0.1, 0.9]),
    "starts": _starts,
    "slow annealing": _slow,
    "leading order": _leading,
    "explained, close and far": lambda: explained_share(np.array([1.0, 12.0]), Fraction(1, 2)).tolist(),
    "barely warm separation": lambda: [at.hot_separation("1." + "0" * 30 + "1")],
    "trajectory of the free energy": lambda: _trajectory(REDUCED_START, objective="free-energy"),
    "laws of a start": _laws,
    "states of a pair": _pair_states,
    "possible states": _possible,
    "numbers of a start": _starting_numbers,
    "limit of the sphere": lambda: held_below(np.array([3.0])).tolist(),
    "angles": _angles,
    "caps, digits": lambda: [float(cap_chance(8, rho=one, digits=15).value) for one in ("0.5", 2)],
    "slow probability, digits": _slow_chance,
    "free digits": _free_digits,
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
    "asymptotics": _asymptotics,
    "schedule cost": _schedule_costs,
    "singular arc": _arc,
    "collapsed state": _collapsed,
    "T_c": lambda: [at.critical_temperature(TARGET)],
    "T_c, digits": lambda: _ball(at.critical_temperature(TARGET, digits=15, certified=True)),
    "R_c, digits": lambda: _ball(at.critical_separation("0.8", digits=15, certified=True)),
    "second mode": lambda: [1.0 if unstable_overlap(at.BimodalTarget(ONE_MODE, 0.5)) is None else 2.0],
    "passage": _passage,
    "table of temperatures": _table,
    "trapping boxes": lambda: trapping_boxes(TARGET, RULES)[:, 1:].ravel().tolist(),
}
