"""What each derived function moves: ``python -m tests.derivations.mutated_outputs``, with NUMBA_DISABLE_JIT=1.

Without the compiler njit leaves functions as they are, so a derived function can be replaced in the running package by
one whose results are 1.01 times as large. Numbers that depend on it are computed before and after and printed as JSON:
function, then number, then the largest relative change.
"""

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from types import FrameType
from typing import Any

from tests.agreement.wrong_theory import forget
from tests.derivations import free_numbers, sphere_numbers

FACTOR = 1.01
LATE = 3  # times what the right number takes: whatever makes it take longer matters to it
FACTORS = {"trapping.distance_ceiling": 1e-9}  # the boxes reach so far that the distance shrinks by a wide margin
NUMBERS = free_numbers.NUMBERS | sphere_numbers.NUMBERS
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
    "sphere_formulas.bias_of_target": ("sphere threshold", "paper's closed form"),
    "sphere_formulas.passage_rates": ("sphere threshold",),
    "sphere_formulas.passage_sum": ("sphere threshold",),
    "sphere_formulas_mp.passage_distance": ("sphere threshold", "antipodal pair"),
    "sphere_formulas_mp.passage_integrand": ("sphere threshold",),
    "sphere_formulas_mp.passage_turn": ("sphere threshold",),
    "sphere_formulas_mp.log_passage_threshold": ("sphere threshold",),
    "sphere_formulas.antipodal_growth": ("antipodal pair",),
    "sphere_formulas_mp.antipodal_surplus": ("antipodal pair",),
    "sphere_formulas_mp.antipodal_surplus_slope": ("slow cooling",),
    "sphere_formulas.stability_constant_of": ("antipodal pair",),
    "sphere_formulas_mp.hot_growth": ("slow cooling",),
    "sphere_formulas.laplace_bend": ("slow cooling",),
    "sphere_formulas_mp.laplace_exponent": ("slow cooling",),
    "sphere_formulas_mp.laplace_threshold": ("slow cooling",),
    "sphere_formulas_mp.paper_exponent": ("paper's closed form",),
    "sphere_formulas_mp.paper_threshold": ("paper's closed form",),
    "alignment.reduced_log_flow": (
        *REDUCED_NUMBERS,
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
    "responsibilities.component_loss": ("gradients of the loss",),
    "responsibilities.softmax_offset": ("general trajectory", "gradients of the loss"),
    "responsibilities.softmax_reach": ("general trajectory", "gradients of the loss"),
    "responsibilities.spread_part": ("gradients of the loss",),
    "sphere_flow.label_width": ("sphere run", "sphere states"),
    "sphere_flow_mp.label_width": ("sphere threshold",),
    "sphere_flow.scaled_distance": ("sphere run", "sphere states"),
    "sphere_flow.overlap_variance": ("sphere series", "close sphere series"),
    "sphere_flow.pair_cosine_of": ("states of a pair",),
    "sphere_flow.turned_cosine": ("numbers of a start", "run of unequal weights"),
    "sphere_flow.sphere_log_rho": ("numbers of a start",),
    "sphere_formulas.stability_temperature": ("limit of the sphere",),
    "growth_rate.growth_of_quotient": ("sphere run",),
    "sphere_flow.widening_of": ("sphere run",),
    "saddle_node.fold_offset": ("asymptotics",),
    "pair_coordinates.across_products": ("possible states",),
    "pair_coordinates.aligned_squares": ("attractors",),
    "pair_coordinates.axis_cosine": ("full trajectory",),
    "pair_coordinates.cotangent_of": ("states of a pair",),
    "pair_coordinates.log_cotangent_of": ("reduced trajectory",),
    "pair_coordinates.distance_of": ("reduced trajectory",),
    "pair_coordinates.pair_of_angle": ("states of a pair",),
    "start_law.angle_of_cotangent": ("caps, digits",),
    "start_law.length_deviation": ("laws of a start",),
    "start_law.log_chance_offset": ("laws of a start",),
    "start_law.log_chance_offset_large": ("laws of a start",),
    "start_law.log_distance_large": ("laws of a start",),
    "start_law.distance_squared_large": ("numbers of a start",),
    "start_law.centre_variance": ("numbers of a start",),
    "start_law.centre_deviation": ("numbers of a start",),
    "start_law.chance_argument_squared": ("numbers of a start",),
    "start_law.normal_exponent": ("laws of a start", "slow probability, digits"),
    "start_law.log_normal_norm": ("laws of a start",),
    "start_law_mp.log_cosine_density": ("digits of starts on the sphere",),
    "start_law_mp.log_rho_of_cosine": ("digits of starts on the sphere",),
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
    "pair_coordinates_mp.across_start": ("free digits",),
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
    "fixed_points.aligned_rest": ("saddle",),
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
    "slow_passage.ramp_scale": ("slow annealing",),
    "slow_passage_mp.ramp_scale": ("slow annealing",),
    "slow_prefactor_mp.passage_time": ("slow annealing",),
    "slow_prefactor.refined_prefactor": ("slow annealing",),
    "slow_prefactor.drift_of_the_orbit": ("slow annealing",),
    "slow_prefactor.bend_of_the_ramp": ("slow annealing",),
    "slow_annealing.slow_threshold": ("leading order",),
    "label_overlap.explained_share": ("explained, close and far",),
    "label_overlap.explained_density": ("explained, close and far",),
    "hot_phase.hot_distance_squared_leading": ("barely warm separation",),
    **dict.fromkeys(
        ("optimal_schedule.exponential_price", "optimal_schedule.exponential_to_one_price",
         "optimal_schedule.exponential_price_free", "optimal_schedule.exponential_to_one_price_free",
         "optimal_schedule.alignment_cost", "optimal_schedule.passage_cost"), ("schedule cost",),
    ),
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
    "sphere_means.sphere_means_flow": ("run of unequal weights",),
    "sphere_means.sphere_means_jacobian": ("run of unequal weights",),
    "sphere_means.sphere_means_flow_by_temperature": ("run of unequal weights",),
    "sphere_means.sphere_means_flow_by_log_variance": ("run of unequal weights",),
    "sphere_slow.sphere_background_rates": ("sphere background",),
    "sphere_slow.log_slow_sphere_threshold": ("sphere background",),
    "sphere_slow.slow_sphere_largest": ("sphere background",),
    "sphere_hot.lag_factor_parameter": ("hot start",),
    "sphere_hot_mp.hot_start_shift": ("hot start",),
    "sphere_hot_mp.trained_lag_factor": ("hot start",),
    "table_lines.clock_over_line": ("table of temperatures",),
    "table_lines_mp.clock_over_line": ("table of temperatures",),
    "table_lines.time_on_line": ("table of temperatures",),
    "table_lines.temperature_on_line": ("table of temperatures",),
    "table_lines.excess_on_line": ("table of temperatures",),
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
        "transient_gain.symmetric_probability", "transient_gain.absolute_moment_of",
    ),
    ("asymptotics",),
)  # fmt: skip
JACOBIANS = frozenset(
    name
    for name in MOVES
    if "jacobian" in name or "slopes" in name or "flow_by_" in name or name.endswith(("growth_apart", "widening_of"))
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
RATIOS = frozenset({"pair_coordinates.across_products", "transient_gain.gain_quotient", "saddle_node.fold_normal_form"})


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


class Late(Exception):
    """A wrong theory has taken far longer than the right one."""


def _late(number: int, frame: FrameType | None) -> None:
    raise Late


def wrong_number(name: str, right_seconds: float) -> list[float]:
    """The same with a wrong theory, which may fail in any way or search on and on: nothing then, a change too."""
    signal.signal(signal.SIGPROF, _late)
    signal.setitimer(signal.ITIMER_PROF, LATE * right_seconds + 0.5)  # of this process, whatever else the machine does
    try:
        return number(name)
    except Exception:
        return []
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


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
    seconds: dict[str, float] = {}
    for line in sys.stdin:
        function = line.strip()
        names = MOVES.get(function) or sorted({name for numbers in MOVES.values() for name in numbers})
        for name in names:
            if name not in before:
                begun = time.process_time()
                before[name] = number(name)
                seconds[name] = time.process_time() - begun
        with mutated(function) if function in MOVES else nullcontext():
            told = {name: change(before[name], wrong_number(name, seconds[name])) for name in names}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
