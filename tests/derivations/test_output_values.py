"""Each derived function has the value that its definition has, at a pair of means in three dimensions.

The checks of a derivation see the expressions that they are given; what `Derivation.output` is given may differ from
them. So the generated text is called here, and compared with numbers of another origin: the two means as vectors, their
velocities as theory section 3 writes them, and derivatives of what they do, by finite differences at many digits. The
identities hold for any psi and G, so simple functions stand for them.
"""

import ast
import inspect
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from tests.derivations import (
    flow_definitions,
    line_definitions,
    rest_definitions,
    sphere_definitions,
    start_definitions,
)
from tests.derivations.flow_definitions import gauss_letters
from tests.derivations.vector_pairs import mp

ROOT = Path(__file__).resolve().parents[2]
_CLOSE = mp.mpf(10) ** -20
_PARTS = flow_definitions, line_definitions, rest_definitions, sphere_definitions, start_definitions
DEFINITIONS = {name: one for part in _PARTS for name, one in part.DEFINITIONS.items()}


def flat(value):
    if isinstance(value, tuple | list | mp.matrix):
        return [leaf for one in value for leaf in flat(one)]
    return [mp.mpf(value)]


# Where scipy gives the number, or a series leaves something out.
_FLOATS = dict.fromkeys(
    ("start_law.log_length_norm", "start_law.log_length_density", "start_law.normal_exponent",
     "start_law.log_normal_norm", "start_law.log_cosine_density", "start_law.log_length_norm_large"), 1e-11,
) | {"start_law.log_gamma_ratio_large": 1e-11}  # fmt: skip


def called(function, pair):
    """The generated function with the letters of a pair, in mpmath where it has such a form."""
    module, name = function.split(".")
    try:
        known = getattr(import_module(f"anneal_theory.formulas.{module}_mp"), name)
    except (ImportError, AttributeError):
        known = getattr(import_module(f"anneal_theory.formulas.{module}"), name)
    special = gauss_letters() if "growth_close" in name else {}
    given = {one: special[one] if one in special else mp if one == "ctx" else getattr(pair, one)
             for one in inspect.signature(known).parameters}  # fmt: skip
    if np.exp in vars(import_module(known.__module__)).values() or "numpy" in inspect.getsource(
        import_module(known.__module__)
    ):
        inexact = ("exp(", "log(", "sqrt(", "logaddexp(", "log1p(", "expm1(", "hypot(", "sin(", "cos(",
                   "tanh(", "arcsinh(")  # fmt: skip
        exact = all(one not in inspect.getsource(known) for one in inexact)
        if not exact and "ctx" not in given:
            return flat(known(**{one: float(value) for one, value in given.items()})), mp.mpf("1e-13")
    return flat(known(**given)), _CLOSE


@pytest.mark.slow
@pytest.mark.parametrize("function", DEFINITIONS)
def test_a_derived_function_has_the_value_of_its_definition(function):
    pair, definition = DEFINITIONS[function]
    values, close = called(function, pair)
    wanted = flat(definition(pair))
    close = max(close, _FLOATS.get(function, 0))
    assert any(wanted)
    for value, right in zip(values, wanted, strict=True):
        assert abs(value - right) <= close * max(1, abs(right))


@pytest.mark.parametrize("module", ["sphere_flow", "sphere_variance", "slow_passage", "start_law", "table_lines"])
def test_a_function_that_runs_in_doubles_and_in_digits_is_one_function(module):
    """At arguments between 0 and 1 no sum here cancels by more than a factor of a thousand."""
    double, digits = (import_module(f"anneal_theory.formulas.{module}{form}") for form in ("", "_mp"))
    names = [name for name in vars(digits) if name in vars(double) and inspect.isfunction(vars(double)[name])]
    assert names
    for name in names:
        letters = list(inspect.signature(getattr(double, name)).parameters)
        values = [0.9 - 0.8 * place / (len(letters) + 1) for place in range(len(letters))]
        values = [-one if letter == "log_cosine" else one for letter, one in zip(letters, values, strict=True)]
        exact = [float(one) for one in flat(getattr(digits, name)(mp, *map(mp.mpf, values)))]
        np.testing.assert_allclose([float(one) for one in flat(getattr(double, name)(*values))], exact, rtol=1e-12)


# Not yet compared here: numbers made of them are, in the tests of the modules that use them.
NUMBERS_ELSEWHERE = {
    f"{module}.{name}"
    for module, names in {
        "alignment_noise": (
            "alignment_growth centre_bend chance_move cold_cap cold_noise cold_square direction_survival heat_dilution "
            "held_noise most_noise noisy_argument shift_bounds start_worth threshold_moves threshold_power"
        ),
        "component_noise": "after_projection component_noise component_noise_across sum_slope tangent_noise",
        "sphere_diffusion": "difference_turning pair_diffusion",
        "sphere_noise": (
            "beyond_first chance_slope divergence_slopes fastest_rate sphere_start_spread sphere_threshold_moves "
            "start_slopes"
        ),
        "fixed_points": "divergence",
        "gradient": "logit_gradient mean_pull mode_pull variance_slope",
        "gradient_noise": "noise_across noise_in_plane spread_after typical_length",
        "hot_phase": (
            "hot_distance_squared_hot hot_distance_squared_leading hot_distance_squared_warm lambert_argument"
        ),
        "label_overlap": "explained_density explained_share information_by_distance overlap_large overlap_small",
        "large_separation": (
            "collapsed_overlap_large escape_rate_large fold_distance_large "
            "fold_place_large log_critical_temperature_large start_rate_large"
        ),
        "pair_statistics": "overlap_log_jacobian",
        "saddle_node": ("critical_separation_jacobian critical_separation_system fold_normal_form fold_null_vector"),
        "singular_arc": "singular_arc singular_arc_free",
        "slow_annealing": "slow_threshold",
        "slow_passage": "passage_coefficients",
        "slow_prefactor": "passage_time refined_prefactor",
        "sphere_flow": ("log_variance_flow sphere_pair_flow_by_log_variance sphere_pair_jacobian"),
        "sphere_means": "sphere_means_jacobian",
        "sphere_formulas": (
            "antipodal_growth antipodal_surplus antipodal_surplus_slope bias_of_target hot_growth "
            "laplace_bend laplace_exponent laplace_threshold log_passage_threshold paper_exponent "
            "paper_threshold passage_distance passage_integrand passage_rates passage_sum passage_turn "
            "stability_constant_of"
        ),
        "sphere_hot": "hot_start_shift lag_factor_parameter trained_lag_factor",
        "sphere_slow": "log_slow_sphere_threshold slow_sphere_largest sphere_background_rates",
        "sphere_variance": (
            "common_variance_growth common_variance_slopes lagging_variance lagging_variance_even relaxing_variance "
            "variance_bend variance_rate"
        ),
        "transient_gain": "dimension_exponent gain_exponent gain_small_start symmetric_probability",
    }.items()
    for name in names.split()
}


def generated():
    """Every derived function but those of schedules, which are compared with integrals in tests/schedules."""
    for file in (ROOT / "anneal_theory" / "formulas").glob("*.py"):
        module = file.stem
        if not module.startswith(("schedules", "equations", "__")):
            for node in ast.parse(file.read_text("utf-8")).body:
                if isinstance(node, ast.FunctionDef):
                    yield f"{module.removesuffix('_mp')}.{node.name}"


def test_every_derived_function_has_a_definition_here_or_numbers_elsewhere():
    known = set(generated())
    assert set(DEFINITIONS) | NUMBERS_ELSEWHERE == known
    assert not set(DEFINITIONS) & NUMBERS_ELSEWHERE
