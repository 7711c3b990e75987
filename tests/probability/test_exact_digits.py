"""The exact probability to many digits: on known thresholds, against doubles, its refusals and its file."""

import math
from fractions import Fraction
from typing import ClassVar

import flint
import mpmath as mp
import numpy as np
import pytest

from anneal_theory.errors import DomainError, PrecisionError
from anneal_theory.precision import flint_precision
from anneal_theory.probability import collapse_probability
from anneal_theory.probability.digits import exact
from anneal_theory.probability.digits.exact import probability_at_digits
from anneal_theory.probability.digits.panels import PanelPlan
from anneal_theory.probability.digits.sphere_starts import SphereStarts
from anneal_theory.probability.digits.starts import FreeStarts, Start
from anneal_theory.probability.effort import Effort
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Constant, Exponential, ExponentialToOne, Hold, from_callable

TARGET, SCHEDULE = BimodalTarget(3, "0.8"), Exponential(10, 10)
PAPER = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
SYMMETRIC = BimodalTarget(3, "0.5")  # its unstable zero is 0
DIM = 64


def log_known(s0, square):
    """A log rho_c that vanishes at s0 = 0 like the true one, and is smooth elsewhere and in D0^2."""
    return 23 * mp.log(abs(s0)) / 10 - mp.mpf("0.5") + s0 / 5 - s0**2 / 50 + mp.log(square / 2) / 3 + s0 * square / 40


class KnownStarts(FreeStarts):
    """Thresholds that are known, in place of computed ones."""

    asked: ClassVar[list] = []

    def rough(self, sign, side, outer, inner, tolerance):
        found = [log_known(mp.mpf(float(s)), mp.mpf(float(outer))) for s in inner]
        return np.array([float(-mp.log1p(mp.exp(-2 * one)) / 2) for one in found])

    def thresholds(self, sign, starts):
        self.asked.extend(starts)
        found = []
        for start in starts:
            with mp.workdps(start.digits + 30):
                place = (mp.mpf(one.numerator) / one.denominator for one in (start.inner, start.outer))
                found.append(str(mp.nstr(log_known(*place), start.digits + 8)))
        return found


@pytest.fixture
def starts():
    KnownStarts.asked = []
    return KnownStarts(SYMMETRIC, SCHEDULE, GaussianInit(DIM), Dynamics())


def average_by_quadrature():
    """P to twelve digits by Gauss-Legendre in log |s0| and the trapezoidal rule in log D0^2, in mpmath."""
    with mp.workdps(22):
        half, spread, shape = mp.mpf(DIM - 1) / 2, mp.mpf(9) / DIM / 2, mp.mpf(DIM) / 2
        beta, step, total = mp.beta(mp.mpf(1) / 2, half), mp.mpf(1) / 8, mp.mpf(0)
        places = [((low + high) / 2 + (high - low) / 2 * x, w * (high - low) / 2)
                  for low, high in _PANELS for x, w in _legendre(40)]  # fmt: skip

        def chance(log_rho):
            x = 1 / (1 + mp.exp(-2 * log_rho))
            return 2 * mp.sqrt(x) * (1 - x) ** half * mp.hyp2f1(half + mp.mpf(1) / 2, 1, mp.mpf(3) / 2, x) / beta

        for k in range(-12, 13):  # the density e^(a t - e^t)/Gamma(a) of t = log(D0^2 d/4) falls at both ends
            t = mp.log(shape) + k * step
            across = step * mp.exp(shape * t - mp.exp(t) - mp.loggamma(shape))
            square = 4 * mp.exp(t) / DIM
            for v, w in places:
                along = w * mp.exp(v - mp.exp(2 * v) / (2 * spread)) / mp.sqrt(2 * mp.pi * spread)
                total += across * along * sum(chance(log_known(sign * mp.exp(v), square)) for sign in (1, -1))
        return total


_PANELS = [(-12, -2), (-2, 1)]


def _legendre(count):
    x, w = np.polynomial.legendre.leggauss(count)
    found = []
    for start, _ in zip(x, w, strict=True):
        root = mp.findroot(lambda y: mp.legendre(count, y), mp.mpf(start))
        slope = count * (root * mp.legendre(count, root) - mp.legendre(count - 1, root)) / (root**2 - 1)
        found.append((root, 2 / ((1 - root**2) * slope**2)))
    return found


def rough_of(value):
    return lambda: Estimate(float(value), 1e-6, float(mp.log(value)), "exact")


@pytest.fixture
def integral():
    return average_by_quadrature()


@pytest.mark.slow
def test_known_thresholds_average_to_their_integral(starts, integral):
    found = probability_at_digits(starts, 10, rough_of(integral), Effort(allow_slow=True))
    assert abs(found.value - integral) <= found.error + 1e-12 * integral
    assert found.error < 1e-10 * integral
    assert len(KnownStarts.asked) > 100  # not all from doubles
    assert abs(found.log_value - mp.log(integral)) <= found.log_error + 1e-11
    assert abs(found.log_complement - mp.log1p(-integral)) <= found.log_complement_error + 1e-11
    with pytest.raises(PrecisionError, match="doubles give"):
        probability_at_digits(starts, 5, rough_of(1.01 * integral), Effort(allow_slow=True))


@pytest.mark.slow
def test_twice_the_digits_change_no_more_than_the_errors_say(starts):
    rough = rough_of(mp.mpf("0.1727961877832"))
    with mp.workdps(40):
        coarse, fine = (probability_at_digits(starts, n, rough, Effort(allow_slow=True)) for n in (9, 18))
        assert abs(coarse.value - fine.value) <= coarse.error + fine.error
        assert fine.error < 1e-18


@pytest.mark.slow
def test_an_interrupted_run_goes_on_from_its_file(starts, tmp_path, monkeypatch):
    rough, effort = rough_of(mp.mpf("0.1727961877832")), Effort(checkpoint=tmp_path / "kept.json", allow_slow=True)
    whole = probability_at_digits(starts, 9, rough, Effort(allow_slow=True))
    needed, thresholds = len(KnownStarts.asked), KnownStarts.thresholds
    KnownStarts.asked.clear()

    def broken(self, *given):
        if len(self.asked) > needed / 2:
            raise KeyboardInterrupt
        return thresholds(self, *given)

    monkeypatch.setattr(KnownStarts, "thresholds", broken)
    with pytest.raises(KeyboardInterrupt):
        probability_at_digits(starts, 9, rough, effort)
    monkeypatch.setattr(KnownStarts, "thresholds", thresholds)
    assert probability_at_digits(starts, 9, rough, effort).to_dict() == whole.to_dict()
    assert len(KnownStarts.asked) == needed
    with pytest.raises(DomainError, match="digits"):  # of other settings
        probability_at_digits(starts, 8, rough, effort)


@pytest.mark.parametrize(
    ("init", "rules"),
    [(GaussianInit(1000), {}), pytest.param(SphereInit(512), PAPER, marks=pytest.mark.slow)],
    ids=["free means", "sphere"],
)
def test_few_digits_agree_with_the_double_route(init, rules):
    schedule = ExponentialToOne(90, duration=35) if rules else SCHEDULE
    rough = collapse_probability(TARGET, schedule, init, relative_error=1e-4, **rules)
    found = collapse_probability(TARGET, schedule, init, digits=4, **rules)
    assert abs(float(found.value) - rough.value) <= float(found.error) + rough.error
    assert found.error <= 1e-4 * found.value


@pytest.mark.parametrize(
    ("law", "dim", "note"),
    [(None, 512, "one variance"), ("exact", 512, "one variance"), ("large-dim", math.inf, "large")],
)
def test_digits_follow_the_law_of_the_variance_that_is_asked_for(monkeypatch, law, dim, note):
    asked = []

    def average(starts, digits, in_doubles, effort):
        asked.append((starts.law_dim, starts._model.parameters[6], in_doubles.args[-1], starts.settings()["law_dim"]))
        return Estimate(0.1, 1e-9, -2.3, "exact", digits=digits)

    monkeypatch.setattr(exact, "probability_at_digits", average)
    law_of = {"variance_law": law} if law else {}
    found = collapse_probability(TARGET, Constant(1), SphereInit(512), digits=9, **law_of, **PAPER)
    assert asked == [(dim, dim, dim, repr(dim))]
    assert note in found.note


@pytest.mark.slow
@pytest.mark.parametrize(("sign", "side"), [(1, 1), (-1, -1)])
def test_thresholds_of_free_means_beyond_doubles_agree_with_them(sign, side):
    """As the average asks for them, at a typical distance, on either side of s_u and for either order of the means."""
    starts = FreeStarts(TARGET, SCHEDULE, GaussianInit(2000), Dynamics("tempered-target", "natural", "0.3"))
    assert_one_threshold(starts, sign, side, Fraction(2), float(starts.kink(Fraction(2))))


@pytest.mark.slow
def test_a_threshold_on_the_sphere_beyond_doubles_agrees_with_them():
    rules = Dynamics("free-energy", constraint="sphere", variance="trained")
    starts = SphereStarts(TARGET, ExponentialToOne(9, 4), SphereInit(512), rules, 512)
    assert_one_threshold(starts, 1, -1, Fraction(1, 20), float(starts.kink(Fraction(1, 20))))


def assert_one_threshold(starts, sign, side, outer, kink):
    """To the 1e-9 of log rho_c that averages rely on doubles for; ten digits are asked for."""
    inner = Fraction(kink + side * 0.03)
    (z,) = starts.rough(sign, side, outer, np.array([float(inner)]), 1e-11)
    rough = starts.rough_threshold(z, float(inner))
    (found,) = starts.thresholds(sign, [Start(outer, inner, inner, 10, rough)])
    assert float(found) == pytest.approx(rough, rel=0, abs=1e-9)


@pytest.mark.parametrize(
    ("init", "options", "error", "words"),
    [
        (GaussianInit(3), {}, PrecisionError, "an aligned pair collapses"),
        (SphereInit(8), PAPER, DomainError, "digits must be left out in 12 dimensions and fewer on the sphere"),
    ],
)
def test_few_dimensions_are_refused_with_the_reason(init, options, error, words):
    schedule = ExponentialToOne(9, duration=10) if options else Constant(1)
    with pytest.raises(error, match=words):
        collapse_probability(TARGET, schedule, init, digits=6, **options)


@pytest.mark.slow
def test_what_lies_beyond_the_panels_is_small_beside_a_small_probability():
    """P is 4e-6 there; starts beyond count as if all of them collapsed. Digits were refused once they were found."""
    rules = Dynamics("free-energy", constraint="sphere", variance="trained")
    starts = SphereStarts(TARGET, ExponentialToOne(90, 35), SphereInit(512), rules)
    with flint_precision(200):
        plan = PanelPlan(starts, 20)
        left_out = sum(float(starts.beyond(flint.arb(end))) for end in (plan.panels[-1].low, plan.panels[0].high))
    assert -13 < plan.total < -12
    assert left_out < 10.0**-21 * np.exp(plan.total)


@pytest.mark.slow
def test_what_has_no_digits_is_refused(monkeypatch):
    with pytest.raises(DomainError, match="closed form"):
        collapse_probability(TARGET, from_callable(lambda t: 1 + 9 / (1 + t) ** 4, 1000), GaussianInit(64), digits=6)
    with pytest.raises(DomainError, match="digits"):
        collapse_probability(TARGET, SCHEDULE, GaussianInit(64), digits=6, family_weight=0.3)
    monkeypatch.setattr(exact, "PRACTICAL_SECONDS", 1.0)
    with pytest.raises(DomainError, match="allow_slow=True"):
        collapse_probability(TARGET, SCHEDULE, GaussianInit(128), digits=8)


def test_a_target_with_one_attractor_has_a_certain_probability():
    found = collapse_probability(BimodalTarget(2, "0.5"), SCHEDULE, GaussianInit(64), digits=30)
    assert (found.value, found.digits) == (0.0, 30)


def test_four_digits_without_annealing_agree_with_doubles_within_the_digits_asked_for():
    """Doubles are better than four digits there, and a difference of the latter's size is no fault."""
    found, doubles = (
        collapse_probability(TARGET, Constant(1), SphereInit(512), **PAPER, **more) for more in ({"digits": 4}, {})
    )
    assert float(found.value) == pytest.approx(doubles.value, rel=1e-4)


@pytest.mark.slow
def test_a_threshold_next_to_no_bias_along_a_panel_is_refused_in_a_sentence():
    """A pair that is held hot on the sphere: what decides there lies below the digits of z."""
    with pytest.raises(PrecisionError, match=r"^3 digits were asked for and 0 reached .*; ask for fewer, or doubles$"):
        collapse_probability(TARGET, Hold(4, 3), SphereInit(16), digits=3, constraint="sphere")
