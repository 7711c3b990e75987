"""The truncation bounds: true where the sums stop far too early, and tight enough that half of one is false."""

from dataclasses import replace
from fractions import Fraction

import flint
import pytest

from anneal_theory.averages import appell_lerch, ball, fourier, series_evaluation
from anneal_theory.averages.plan import SeriesPlan, plans
from anneal_theory.precision import flint_precision
from anneal_theory.problem import BimodalTarget

# Places where the first omitted term has nearly its largest size, so that the bound is nearly attained:
# (what is bounded, quantity, m, R, plan). The other sums of each plan are long enough not to matter.
SHORT = [
    ("A", "psi", "1", "1", SeriesPlan("appell-lerch", 400, 200.0, 1, 30)),
    ("A'", "psi_prime", "9", "1.732", SeriesPlan("appell-lerch", 400, 200.0, 2, 30)),
    ("B", "psi", "0.001", "0.9", SeriesPlan("appell-lerch", 400, 200.0, 30, 2)),
    ("B'", "psi_prime", "0.001", "0.9", SeriesPlan("appell-lerch", 400, 200.0, 30, 2)),
    ("nodes of phi", "phi", "0", "1", SeriesPlan("fourier", 400, 200.0, 3, 10, 30.0)),
    ("nodes of psi'", "psi_prime", "0", "1", SeriesPlan("fourier", 400, 200.0, 5, 10, 30.0)),
    ("aliases of phi", "phi", "0", "1", SeriesPlan("fourier", 400, 200.0, 90, 2, 20.0)),
    ("aliases of psi", "psi", "2", "1", SeriesPlan("fourier", 400, 200.0, 90, 2, 20.0)),
    ("aliases of psi'", "psi_prime", "0", "1", SeriesPlan("fourier", 400, 200.0, 90, 2, 20.0)),
    ("exponentials of phi", "phi", "9", "0.5", SeriesPlan("exponentials", 400, 200.0, 3)),
    ("exponentials of psi", "psi", "9", "0.5", SeriesPlan("exponentials", 400, 200.0, 3)),
    ("exponentials of psi'", "psi_prime", "9", "0.5", SeriesPlan("exponentials", 400, 200.0, 3)),
]
NAMES = [row[0] for row in SHORT]


def task_of(quantity, m, separation):
    return getattr(series_evaluation, f"{quantity}_request")(m, BimodalTarget(separation, Fraction(1, 2)))


def errors(quantity, m, separation, plan):
    """The true truncation error of a short plan, its bound, and the working error, as floats."""
    request = task_of(quantity, m, separation)
    place = request.argument
    best = plans(request.quantity, place.a_size, place.r_size, 200.0, 0.0)
    exact, _ = ball.attempt(request, next((p for p in best if p.series != plan.series), best[0]))
    with flint_precision(plan.bits) as arithmetic:
        value, bound = series_evaluation.summed(arithmetic, place.point(arithmetic), plan, request.quantity)
        gap = request.finish(arithmetic, plan, value) - exact
        return abs(float(gap.mid())), float(bound), float(gap.rad())


@pytest.mark.parametrize(("name", "quantity", "m", "separation", "plan"), SHORT, ids=NAMES)
def test_bound_covers_the_true_truncation_error_and_half_of_it_does_not(name, quantity, m, separation, plan):
    truth, bound, noise = errors(quantity, m, separation, plan)
    assert noise < 1e-9 * truth
    assert bound / 2 < truth <= bound


# the series of exponentials is for tails
ELSEWHERE = [
    (*row, overlap)
    for row in SHORT
    for overlap in (["1.7", "4", "20"] if row[-1].series == "exponentials" else ["0", "0.3", "1.7", "4", "20"])
]


@pytest.mark.parametrize(("name", "quantity", "m", "separation", "plan", "overlap"), ELSEWHERE)
@pytest.mark.parametrize("shift", [-1, 0, 1, 3])
def test_bound_covers_the_truncation_error_of_short_sums_elsewhere(name, quantity, m, separation, plan, shift, overlap):
    short = replace(plan, terms=max(0, plan.terms + shift), side_terms=max(0, plan.side_terms + shift))
    truth, bound, noise = errors(quantity, overlap, separation, short)
    assert truth <= bound + noise


def test_radius_comes_from_the_bound_when_the_sum_is_short():
    request = task_of("psi", "1", "1")
    result, good = ball.attempt(request, SHORT[0][-1])
    _, bound, _ = errors("psi", "1", "1", SHORT[0][-1])
    assert bound <= float(result.rad()) <= 1.001 * bound
    assert good < 60


def forget_last(function, field):
    """The series with one term fewer than its bound believes."""

    def shortened(arithmetic, point, *rest):
        index = next(k for k, item in enumerate(rest) if isinstance(item, SeriesPlan))
        plan = replace(rest[index], **{field: getattr(rest[index], field) - 1})
        return function(arithmetic, point, *rest[:index], plan, *rest[index + 1 :])

    return shortened


@pytest.mark.parametrize(
    ("module", "name", "field", "quantity", "m", "separation"),
    [
        (appell_lerch, "_main_sum", "terms", "psi", "1", "2"),
        (appell_lerch, "_main_sum", "terms", "psi_prime", "1", "2"),
        (appell_lerch, "_side_sum", "side_terms", "psi", "0.1", "0.2"),
        (fourier, "_residues", "side_terms", "phi", "0.1", "0.3"),
    ],
)
def test_a_dropped_term_makes_balls_of_two_precisions_disjoint(
    monkeypatch, module, name, field, quantity, m, separation
):
    request = task_of(quantity, m, separation)
    place = request.argument
    series = "fourier" if module is fourier else "appell-lerch"
    found = plans(request.quantity, place.a_size, place.r_size, 60.0, 0.0)
    # the plan with a little less slack, so that its last term counts
    plan = next(p for p in found if p.series == series)
    plan = replace(plan, bits=plan.bits + 200, **{field: getattr(plan, field) - 2})
    truth, _ = ball.attempt(request, next(p for p in plans(request.quantity, place.a_size, place.r_size, 300.0, 0.0)))
    assert ball.attempt(request, plan)[0].overlaps(truth)
    monkeypatch.setattr(module, name, forget_last(getattr(module, name), field))
    assert not ball.attempt(request, plan)[0].overlaps(truth)


def test_a_ratio_that_cannot_be_told_from_one_proves_nothing():
    with pytest.raises(ArithmeticError, match="no digits reached"):
        appell_lerch.require_below_one(flint.arb(1, 1e-10))
