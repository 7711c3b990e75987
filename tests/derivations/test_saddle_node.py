"""The generated equations of the fold, of R_c and of the cusp hold where T along the curve of rest points says so."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq, fsolve, minimize_scalar

from anneal_theory import BimodalTarget, NoCollapsedState
from anneal_theory.asymptotics import pairs_below_fold
from anneal_theory.fixed_points import collapsed_state, critical_separation, critical_temperature
from anneal_theory.formulas import fixed_points, saddle_node
from derivations import saddle_node as derivation
from derivations.core import DerivationError

_STEP = 2.0**-8
_Z = np.arange(-10, 10, _STEP)
_DENSITY = _STEP * np.exp(-(_Z**2) / 2) / math.sqrt(2 * math.pi)
_CIRCLE = np.exp(2j * np.pi * np.arange(16) / 16)
_RADIUS = 0.1


def taylor(function, at):
    """Value and three derivatives by Cauchy's integral on a circle of 0.1; rounding leaves 1e-16 n!/0.1^n."""
    coefficients = np.fft.fft(np.array([function(at + _RADIUS * one) for one in _CIRCLE])).real / len(_CIRCLE)
    return [math.factorial(n) * coefficients[n] / _RADIUS**n for n in range(4)]


def psi_series(m, separation, h):
    """psi and its derivatives from the definition."""
    return taylor(lambda at: _DENSITY @ np.tanh(at + h + separation * _Z), m)


def overlap_series(distance):
    """G at equal weights and its derivatives: E_y eta (1 - eta), y of the mixture, over the first component."""

    def value(at):
        return _DENSITY @ (0.5 / (1 + np.exp(at * (_Z + at / 2))))

    return taylor(value, distance)


def averages(m1, m2, separation, h):
    """Keyword arguments of the generated functions."""
    named = {}
    for index, m in ((1, m1), (2, m2)):
        for name, value in zip(
            ("psi", "psi_prime", "psi_second", "psi_third"), psi_series(m, separation, h), strict=True
        ):
            named[f"{name}_{index}"] = value
    names = ("overlap", "overlap_prime", "overlap_second")
    return named | dict(zip(names, overlap_series((m1 - m2) / separation)[:3], strict=True))


def call(function, m1, m2, separation, temperature, h):
    """A generated function at a state, taking of the averages what it needs."""
    letters = {"m1": m1, "m2": m2, "separation": separation, "family_weight": 0.5, "temperature": temperature}
    letters |= averages(m1, m2, separation, h)
    wanted = function.__annotations__.keys() - {"return"}
    return np.array(function(**{name: letters[name] for name in wanted}))


def partner(m2, separation, h):
    """m1 and T of the rest point with this m2: f(m1) = -f(m2), beyond s*."""

    def drift(m):
        return separation**2 * psi_value(m, separation, h) - m

    pull = drift(m2)
    m1 = brentq(lambda m: drift(m) + pull, separation**2 * 0.5, 3 * separation**2, xtol=1e-14, rtol=1e-15)
    distance = (m1 - m2) / separation
    return m1, pull / (2 * overlap_series(distance)[0] * (m1 - m2))


def psi_value(m, separation, h):
    return float(_DENSITY @ np.tanh(m + h + separation * _Z))


def fold(separation, weight):
    """m1, m2, T, h at the maximum of T along the curve, by Brent's method: m2 is right to about 1e-7."""
    target = BimodalTarget(separation, weight)
    h, top = target.half_log_odds, collapsed_state(target).overlap
    grid = np.linspace(-0.9 * h if h else 0.05, 0.98 * top, 60)
    values = np.array([partner(m, separation, h)[1] for m in grid])
    peak = max(i for i in range(1, 59) if values[i] >= max(values[i - 1], values[i + 1]))
    found = minimize_scalar(lambda m: -partner(m, separation, h)[1], bracket=tuple(grid[peak - 1 : peak + 2]), tol=1e-9)
    m1, temperature = partner(found.x, separation, h)
    return m1, found.x, temperature, h


SETTINGS = [(3, 0.8), (3, 0.5), (2.5, 0.8), (4, 0.6)]


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_saddle_node_equations_vanish_where_the_temperature_along_the_curve_is_largest(setting):
    """m2 errs by 1e-7 there, and det J changes by about 1 for a unit of m2."""
    m1, m2, temperature, h = fold(*setting)
    residual = call(fixed_points.saddle_node, m1, m2, setting[0], temperature, h)
    np.testing.assert_allclose(residual, 0, atol=2e-6)
    assert temperature == pytest.approx(critical_temperature(BimodalTarget(*setting)), rel=1e-11)


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_null_vector_is_annihilated_by_the_jacobian(setting):
    m1, m2, temperature, h = fold(*setting)
    matrix = call(fixed_points.aligned_rest_jacobian, m1, m2, setting[0], temperature, h)
    v = call(saddle_node.fold_null_vector, m1, m2, setting[0], temperature, h)
    np.testing.assert_allclose(matrix @ v / np.linalg.norm(v), 0, atol=5e-6)


def test_the_normal_form_has_the_invariant_of_the_theory_page():
    """a c = 0.05135 at R = 3, w* = 0.8 (theory section 6)."""
    m1, m2, temperature, h = fold(3, 0.8)
    bend, drive = call(saddle_node.fold_normal_form, m1, m2, 3, temperature, h)
    assert bend * drive == pytest.approx(0.05135, abs=6e-6)


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_two_rest_points_below_the_fold_part_as_the_normal_form_says(setting):
    """How far they lie apart in m2 has a relative remainder of first order in T_c - T."""
    (_, m2, _, h), highest = fold(*setting), critical_temperature(BimodalTarget(*setting))
    drops, errors = highest * np.array([4e-3, 2e-3, 1e-3]), []
    for drop in drops:
        attractor, saddle = pairs_below_fold(BimodalTarget(*setting), highest - drop)
        stated = attractor[1] - saddle[1]
        below, above = (
            brentq(lambda m: partner(m, setting[0], h)[1] - highest + drop, m2, m2 + side * stated, xtol=1e-13)  # noqa: B023
            for side in (-1, 1)
        )
        errors.append((above - below) / stated - 1)
    np.testing.assert_allclose(np.diff(np.log(np.abs(errors))) / np.diff(np.log(drops)), 1, atol=0.15)


def _system(x, h):
    return call(saddle_node.critical_separation_system, x[0], x[1], x[2], 1.0, h)


def _jacobian(x, h):
    return call(saddle_node.critical_separation_jacobian, x[0], x[1], x[2], 1.0, h)


def test_the_jacobian_of_the_critical_separation_is_the_derivative_of_its_system():
    """Central differences of step 1e-5 err by 1e-10 of the third derivatives."""
    at, h = np.array([5.1, 2.2, 2.3]), 0.1
    for column in range(3):
        shift = 1e-5 * np.eye(3)[column]
        slope = (_system(at + shift, h) - _system(at - shift, h)) / 2e-5
        np.testing.assert_allclose(_jacobian(at, h)[:, column], slope, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("weight", [0.5, 0.6])
def test_newtons_method_on_the_generated_system_finds_the_critical_separation(weight):
    h = BimodalTarget(2, weight).half_log_odds
    m1, m2, *_ = fold(2.5, weight)
    root, _, status, message = fsolve(_system, [m1, m2, 2.5], args=(h,), fprime=_jacobian, xtol=1e-13, full_output=True)
    assert status == 1, message
    assert root[2] == pytest.approx(critical_separation(weight), abs=2e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("weight", "about", "about_temperature"), [(0.8, 1.6, None), (0.95, 1.9, 3.6)])
def test_the_line_of_folds_ends_at_the_root_of_the_cusp_equations(weight, about, about_temperature):
    h = BimodalTarget(2, weight).half_log_odds
    m1, m2, temperature, _ = fold(about + 0.2, weight)

    def system(x):
        fold = call(fixed_points.saddle_node, x[0], x[1], x[2], x[3], h)
        return [*fold, call(saddle_node.fold_normal_form, x[0], x[1], x[2], x[3], h)[0]]

    root, _, status, message = fsolve(system, [m1, m2, about + 0.1, temperature], xtol=1e-11, full_output=True)
    assert status == 1, message
    assert abs(root[2] - about) < 0.06
    assert root[3] > 1
    if about_temperature is not None:
        assert abs(root[3] - about_temperature) < 0.3
        assert root[1] < 0
    # There the temperature along the curve has a horizontal inflection; the polynomial is right to about 1e-9.
    near = np.polynomial.Chebyshev.interpolate(
        lambda offsets: [partner(root[1] + one, root[2], h)[1] for one in offsets], 14, domain=[-0.4, 0.4]
    )
    slope, curvature, third = (near.deriv(n)(0.0) for n in (1, 2, 3))
    np.testing.assert_allclose([near(0.0) - root[3], slope, curvature], 0, atol=1e-6)
    assert abs(third) > 1e-3
    with pytest.raises(NoCollapsedState):
        critical_temperature(BimodalTarget(round(root[2] - 0.01, 6), weight))
    assert critical_temperature(BimodalTarget(round(root[2] + 0.02, 6), weight)) > 1


@pytest.mark.slow
def test_a_null_vector_off_by_one_per_cent_stops_the_derivation(monkeypatch):
    first, second = derivation.SLOPES
    monkeypatch.setattr(derivation, "SLOPES", (first * 101 / 100, second))
    with pytest.raises(DerivationError, match="the weighted Jacobian"):
        derivation.derive.__wrapped__()  # anew: what is kept is right
