"""The exact threshold to many digits: against doubles, against itself at more digits, and what it refuses."""

import math

import flint
import mpmath
import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError, PrecisionError
from anneal_theory.numerics.taylor import series_length, step_series
from anneal_theory.precision import flint_precision
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import (
    Constant,
    Exponential,
    ExponentialToOne,
    Hold,
    Linear,
    LinearBeta,
    Piecewise,
    Power,
    from_callable,
)
from anneal_theory.schedules.series import pieces
from anneal_theory.threshold import collapse_threshold
from anneal_theory.threshold.digits import shooting
from anneal_theory.threshold.digits.annealed_series import AnnealedPair
from tests.exploration import examples

TARGET = BimodalTarget(3, "0.8")
SCHEDULES = [
    Constant(1), Exponential(10, 10), ExponentialToOne(10, 15), Linear(10, 30), LinearBeta(10, 30), Hold(10, 10),
    Power(10, 10, 2), Piecewise([0, 10, 20], [8, 12, 1]),
]  # fmt: skip


def agree(rough, fine):
    return abs(float(fine.log_value) - rough.log_value) <= rough.log_error + float(fine.error / fine.value)


@pytest.mark.slow
@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: type(schedule).__name__)
def test_every_closed_schedule_agrees_with_doubles_to_their_error(schedule):
    assert agree(collapse_threshold(TARGET, schedule), collapse_threshold(TARGET, schedule, digits=12))


@pytest.mark.slow
def test_slow_annealing_agrees_with_doubles_to_their_error():
    """Long stretches of the hot phase lie on a slow manifold, where the last coefficients are rounding."""
    problem = BimodalTarget("2.3", "0.8"), Exponential(10, 40)
    rough, fine = collapse_threshold(*problem), collapse_threshold(*problem, digits=12)
    assert agree(rough, fine)
    assert abs(fine.error) < 1e-12 * fine.value


@pytest.mark.slow
def test_unequal_weights_agree_with_doubles_to_their_error():
    rules = {"metric": "natural", "family_weight": "0.3", "s0": "0.3", "distance": 1}
    problem = BimodalTarget("2.6", "0.35"), Exponential(2, 3)
    assert agree(collapse_threshold(*problem, **rules), collapse_threshold(*problem, digits=12, **rules))


@pytest.mark.slow
@examples(2, phases=[Phase.generate])  # an example takes seconds: it is shown as drawn
@given(
    separation=st.sampled_from(["2.6", "3", "3.5"]),
    weight=st.sampled_from(["0.35", "0.5", "0.7", "0.8"]),
    temperature=st.integers(2, 12),
    span=st.integers(3, 30),
    s0=st.sampled_from(["0.3", "1", "-0.2"]),
    distance=st.sampled_from(["1", "1.4"]),
    dynamics=st.sampled_from([Dynamics(), Dynamics("free-energy"), Dynamics("tempered-target", "natural", "0.3")]),
)
def test_drawn_settings_agree_with_doubles_to_their_error(
    separation, weight, temperature, span, s0, distance, dynamics
):
    rules = {"objective": dynamics.objective, "metric": dynamics.metric, "family_weight": dynamics.exact_family_weight}
    problem = BimodalTarget(separation, weight), Exponential(temperature, span)
    rough = collapse_threshold(*problem, s0=s0, distance=distance, **rules)
    if 1e-200 < rough.value < 1e200:
        assert agree(rough, collapse_threshold(*problem, s0=s0, distance=distance, digits=12, **rules))


@pytest.mark.slow
def test_sixteen_digits_begin_with_the_known_eight_and_confirm_ten():
    rough, fine = (collapse_threshold(TARGET, Exponential(10, 100), digits=digits) for digits in (10, 16))
    assert mpmath.nstr(fine.value, 7) == "0.05404872"
    with mpmath.workdps(60):
        assert abs(rough.value - fine.value) <= mpmath.mpf(10) ** -10 * fine.value
        assert abs(mpmath.log(fine.value) - fine.log_value) < mpmath.mpf(10) ** -14


def test_a_step_of_series_solves_the_flow_as_runge_and_kutta_do():
    """Independent of the series: the averages by trapezoidal sums, fourth-order steps in doubles."""
    nodes = [k / 20 for k in range(-190, 191)]

    def mean(function, m, radius):
        return sum(math.exp(-z * z / 2) * function(m + radius * z) for z in nodes) / (20 * math.sqrt(2 * math.pi))

    h = math.log(4) / 2

    def rates(t, s, x, length):
        beta = 1 / (1 + 9 * math.exp(-t / 10))
        gap, distance = 3 * math.exp(x + length), math.exp(length) * math.hypot(1, math.exp(x))
        first, second = (mean(math.tanh, s + side * gap / 2 + h, 3) for side in (1, -1))
        overlap = mean(lambda u: 1 / (1 + math.exp(2 * u)), distance**2 / 4, distance / 2) / 2
        slope = 9 * (first - second) / gap
        return beta / 2 * (9 * (first + second) / 2 - s), beta / 2 * slope, 2 * overlap - beta / 2

    start, step, place = (0.4, -1.0, 0.3), 0.05, (0.4, -1.0, 0.3)
    for k in range(20):
        ks = [rates(k * step, *place)]
        for share in (0.5, 0.5, 1.0):
            at = [p + share * step * r for p, r in zip(place, ks[-1], strict=True)]
            ks.append(rates((k + share) * step, *at))
        place = tuple(p + step / 6 * (a + 2 * b + 2 * c + d) for p, a, b, c, d in zip(place, *ks, strict=True))
    with flint_precision(130), series_length(60):
        temperature = pieces(Exponential(10, 10))[0].local(flint.arb(0))
        series, _ = step_series(
            AnnealedPair(TARGET, Dynamics(), 70), [flint.arb(one) for one in start], temperature, 60
        )
        ends = [float(flint.arb_poly(list(one.coeffs()))(1).mid()) for one in series]
    assert ends == pytest.approx(place, abs=1e-9)


@pytest.mark.slow
def test_nothing_global_is_left_changed():
    before = flint.ctx.prec, flint.ctx.cap, mpmath.mp.prec
    collapse_threshold(TARGET, Constant(1), digits=10)
    with pytest.raises(DomainError):
        collapse_threshold(TARGET, from_callable(lambda t: 1.0, 10), digits=10)
    assert (flint.ctx.prec, flint.ctx.cap, mpmath.mp.prec) == before


def test_many_digits_say_what_they_cost_and_want_a_yes():
    with pytest.raises(DomainError, match=r"^digits must be at most 150 .* minutes: pass allow_slow=True"):
        collapse_threshold(TARGET, Constant(1), digits=5000)


@pytest.mark.slow
def test_an_annealing_too_slow_for_digits_says_so_and_wants_a_yes(monkeypatch):
    monkeypatch.setattr(shooting, "PRACTICAL_SERIES", 20)
    with pytest.raises(PrecisionError, match=r"more than 20 power series.*allow_slow=True"):
        collapse_threshold(TARGET, Exponential(10, 10), digits=10)
    accepted = collapse_threshold(TARGET, Exponential(10, 10), digits=10, allow_slow=True)
    assert agree(collapse_threshold(TARGET, Exponential(10, 10)), accepted)


@pytest.mark.slow
def test_an_annealing_too_brief_to_count_has_the_digits_of_none(monkeypatch):
    """Of it the state's own series know nothing; within 200 power series, of which a start at T = 1 takes 26."""
    monkeypatch.setattr(shooting, "PRACTICAL_SERIES", 200)
    brief, none = Exponential("31.76", 1e-100), Constant(1)
    assert collapse_threshold(TARGET, brief, digits=8).value == collapse_threshold(TARGET, none, digits=8).value


@pytest.mark.slow
def test_a_run_that_doubles_do_not_keep_on_the_separatrix_is_refused_once_its_end_is_certain(monkeypatch):
    """At R = 38 a deviation grows by e^30 in a unit of time; the refusal comes within 100 power series of 2500."""
    monkeypatch.setattr(shooting, "PRACTICAL_SERIES", 100)
    for schedule in (Constant(1), Exponential(10, 100)):
        with pytest.raises(PrecisionError, match=r"left the separatrix by t = .*ask for doubles"):
            collapse_threshold(BimodalTarget(38, "0.8"), schedule, digits=5)


@pytest.mark.slow
def test_a_schedule_that_ends_as_it_begins_has_the_digits_of_none():
    brief, none = ExponentialToOne(1, "28.48"), Constant(1)
    assert agree(collapse_threshold(TARGET, none), collapse_threshold(TARGET, brief, digits=8))


@pytest.mark.slow
def test_a_threshold_whose_newton_steps_left_every_domain_has_its_digits():
    """Steps of the power series went so far here that the threshold was refused; runs held at points do not."""
    target, schedule = BimodalTarget(20, "0.0485"), Exponential("58.71", "48.1")
    words = {"distance_squared": "8.286"}
    assert agree(collapse_threshold(target, schedule, **words), collapse_threshold(target, schedule, digits=8, **words))


@pytest.mark.parametrize("digits", [0, -2, 2.5])
def test_impossible_digits_are_refused(digits):
    with pytest.raises((DomainError, TypeError), match="digits"):
        collapse_threshold(TARGET, Constant(1), digits=digits)
