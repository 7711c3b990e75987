"""The exact probability against simulation, its limits, and log-probabilities against mpmath."""

import math

import mpmath
import numpy as np
import pytest
from scipy.special import betainc, expit, logsumexp
from scipy.stats import chi, norm

from anneal_theory.errors import DomainError
from anneal_theory.models.free_pair import free_pair
from anneal_theory.probability import collapse_probability, simulate_flow
from anneal_theory.probability.cap_probability import log_cap, log_erf
from anneal_theory.probability.distance_law import AcrossLaw
from anneal_theory.probability.exact.average import _aimed
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Constant, Exponential
from anneal_theory.threshold.bisection import Search
from tests.budgets import FALSE_ALARM, assert_probability


@pytest.mark.parametrize(
    ("separation", "weight", "dim", "schedule"),
    [
        (3, 0.8, 8, Constant(1)),
        (3, 0.8, 8, Exponential(10, 10)),
        (3, 0.8, 128, Exponential(10, 50)),
        (2.5, 0.6, 128, Exponential(10, 10)),
    ],
)
def test_the_exact_formula_agrees_with_the_counted_full_flow(separation, weight, dim, schedule):
    """4000 runs see a difference of 0.05 at P = 1/2 at the stated false-alarm rate."""
    target, init = BimodalTarget(separation, weight), GaussianInit(dim)
    formula = collapse_probability(target, schedule, init, relative_error=1e-3)
    runs = simulate_flow(target, schedule, init, Dynamics(), 4000, seed=int(dim + 10 * separation))
    assert_probability(runs.count, runs.replicas, formula.value)


def averaged_over_angles(target, schedule, init, reach, nodes):
    """(log P, log(1 - P)) of theory section 5 as it stands: over s0, and over D0 by its normal quantiles z.

    The thresholds are the package's own, so that this is an oracle of the averaging alone.
    """
    problem = free_pair(target, schedule, Dynamics())
    deviation, saddle = target.separation * init.scale / math.sqrt(2), problem.saddle
    x, gauss = np.polynomial.legendre.leggauss(nodes)
    s0, weights = [], []
    for sign in (1, -1) if reach * deviation > abs(saddle) else (1,):  # s0 = s_u +- y^2 smooths a power of |s0 - s_u|
        far = math.sqrt(reach * deviation - sign * saddle)
        y = 0.5 * far * (x + 1)
        s0.append(saddle + sign * y**2)
        weights.append(0.5 * far * gauss * 2 * y * norm.pdf(s0[-1], scale=deviation))
    z = np.arange(-7, 7.01, 0.7)
    lengths = np.log(
        math.sqrt(2) * init.scale * np.where(z > 0, chi.isf(norm.sf(z), init.dim), chi.ppf(norm.cdf(z), init.dim))
    )
    grid = [part.ravel() for part in np.meshgrid(np.concatenate(s0), lengths, indexing="ij")]
    twice = 2 * Search(problem, 1e-6).thresholds(np.stack(grid, axis=1), None, 0.25, 1e-6)
    mass = np.outer(np.concatenate(weights), 0.7 * norm.pdf(z)).ravel()
    half = (init.dim - 1) / 2
    return (
        math.log(mass @ betainc(0.5, half, expit(twice))),
        math.log(mass @ betainc(half, 0.5, expit(-twice))),
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dim", "schedule", "nodes"), [(8, Exponential(10, 10), 40), (128, Constant(1), 40), (1000, Constant(1), 80)]
)
def test_the_average_over_angles_at_given_distance_is_the_same_probability(dim, schedule, nodes):
    """The package integrates over the parts along and across the axis instead; 1 - P is 5e-13 at d = 1000."""
    target, init = BimodalTarget(3, 0.8), GaussianInit(dim)
    inside, beyond = averaged_over_angles(target, schedule, init, 9, nodes)
    found, aim = collapse_probability(target, schedule, init), 1e-4  # what is aimed at where nothing is said
    assert abs(found.log_value - inside) <= aim
    assert abs(found.log_complement - beyond) <= aim


@pytest.mark.slow
def test_far_in_the_tail_the_average_over_angles_is_the_same_probability():
    """1 - P is e^-367 at d = 100000; sums over s0 and log D0 where they have their weight, good to `rule`."""
    target, init, schedule = BimodalTarget(3, 0.8), GaussianInit(100_000), Exponential(10, 10)
    problem = free_pair(target, schedule, Dynamics())
    deviation, law = target.separation * init.scale / math.sqrt(2), AcrossLaw(init.dim + 1, init.scale)
    s0, lengths = np.linspace(-0.08, -0.004, 39), law.mode + np.linspace(-8, 6, 22) * law.deviation
    overlaps, logs = (part.ravel() for part in np.meshgrid(s0, lengths, indexing="ij"))
    log_rho = Search(problem, 1e-8).thresholds(np.stack([overlaps, logs], axis=1), None, 0.25, 1e-8)
    _, beyond = log_cap(log_rho, init.dim)
    weights = norm.logpdf(overlaps, scale=deviation) + law.log_density(logs)
    direct = logsumexp(beyond + weights) + math.log((s0[1] - s0[0]) * (lengths[1] - lengths[0]))
    found, rule = collapse_probability(target, schedule, init), 1e-5
    assert abs(found.log_complement - direct) <= found.log_complement_error + rule


def test_where_every_attractor_is_collapsed_collapse_is_certain():
    found = collapse_probability(BimodalTarget(3, 1e-9), Exponential(10, 10), GaussianInit(128))
    assert (found.value, found.log_value, found.log_complement) == (1.0, 0.0, -math.inf)
    assert "only collapsed attractors" in found.note


@pytest.mark.slow
@pytest.mark.parametrize("dim", [2, 3])
def test_low_dimensions_reach_the_error_asked_for(dim):
    target, init, schedule = BimodalTarget(3, 0.8), GaussianInit(dim), Exponential(10, 10)
    rough, fine = (collapse_probability(target, schedule, init, relative_error=e) for e in (1e-1, 1e-2))
    assert rough.error < 1e-1 * rough.value
    assert fine.error < 1e-2 * fine.value
    assert abs(rough.value - fine.value) < rough.error + fine.error


def test_an_aim_that_was_missed_is_told():
    found = Estimate(0.3, 6e-4, math.log(0.3), "exact", log_complement=math.log(0.7))
    assert "the aim of 0.001 was missed: the relative error is about 0.002" in _aimed(found, 1e-3).note
    assert _aimed(found, 3e-3) == found


# Counts of theory section 10. In d = 128 the limit is at most 0.004 from the exact formula (table of the README).
@pytest.mark.parametrize(
    ("weight", "separation", "schedule", "hits", "runs"),
    [
        (0.8, 3, Constant(1), 2976, 3000),
        (0.8, 3, Exponential(10, 10), 1989, 3000),
        (0.6, 2.5, Exponential(10, 10), 7008, 80_000),
    ],
)
def test_the_large_dimension_formula_has_the_reference_values(weight, separation, schedule, hits, runs):
    found = collapse_probability(BimodalTarget(separation, weight), schedule, GaussianInit(128), method="large-dim")
    assert_probability(hits, runs, found.value, bias=0.004)


def test_unequal_weights_under_the_natural_metric_agree_with_the_counted_full_flow():
    target, init, schedule = BimodalTarget(3, 0.8), GaussianInit(8), Exponential(5, 5)
    formula = collapse_probability(target, schedule, init, metric="natural", family_weight=0.35, relative_error=1e-3)
    runs = simulate_flow(target, schedule, init, Dynamics("tempered-target", "natural", 0.35), 4000, seed=5)
    assert_probability(runs.count, runs.replicas, formula.value)


@pytest.mark.slow
def test_unequal_weights_under_the_euclidean_metric_are_integrated_with_a_standard_error():
    target, init, schedule = BimodalTarget(3, 0.8), GaussianInit(8), Exponential(5, 5)
    found = collapse_probability(target, schedule, init, family_weight=0.35, replicas=4096)
    runs = simulate_flow(target, schedule, init, Dynamics(family_weight=0.35), 4000, seed=6)
    assert_probability(runs.count, runs.replicas, found.value, bias=norm.isf(FALSE_ALARM / 2) * found.error)
    assert 0 < found.error < 0.02


@pytest.mark.slow
def test_beyond_a_billion_dimensions_the_exact_formula_goes_on():
    """The length no longer varies: P agrees across the change, and log(1 - P) with large deviations.

    By these log(1 - P) is proportional to d but for a power of d in front, whose logarithm is scaled up along.
    """
    even, uneven, schedule = BimodalTarget(3, "0.5"), BimodalTarget(3, "0.8"), Exponential(10, 3)
    below, above = (collapse_probability(even, schedule, GaussianInit(10**9 + k)) for k in (0, 1))
    assert abs(above.value - below.value) <= above.error + below.error
    depth = collapse_probability(uneven, schedule, GaussianInit(10**6), relative_error=1e-2).log_complement
    for dim in (10**10, 10**30, 10**200):
        found = collapse_probability(uneven, schedule, GaussianInit(dim), relative_error=1e-2)
        assert found.value == 1.0
        assert "is good to about" in found.note
        expected, scaled = depth * (dim / 1e6), math.log(1e6) * (dim / 1e6)
        assert abs(found.log_complement - expected) < found.log_complement_error + scaled


def test_the_exact_formula_tends_to_its_limit_in_large_dimension():
    """Like 1/d; 512 instead of 32 tells this from d^(-1/2), by which the gap would fall to a quarter."""
    target, schedule = BimodalTarget(3, 0.8), Exponential(10, 10)
    gaps, errors = [], []
    for dim in (32, 512):
        exact, limit = (
            collapse_probability(target, schedule, GaussianInit(dim), method=method, relative_error=1e-3)
            for method in ("exact", "large-dim")
        )
        gaps.append(abs(exact.value - limit.value))
        errors.append(exact.error + limit.error)
    assert gaps[1] + errors[1] < (gaps[0] - errors[0]) / 4


@pytest.mark.parametrize("dim", [3, 8, 128])
@pytest.mark.parametrize("log_rho", [-650.0, -20.0, -1.0, 0.5, 3.0])
def test_log_caps_are_the_shares_of_the_directions(dim, log_rho):
    """The cosine t of a uniform direction has the density (1 - t^2)^((d-3)/2) on [0, 1], up to its norm."""
    inside, beyond = (float(part[0]) for part in log_cap(np.array([log_rho]), dim))
    power = mpmath.mpf(dim - 3) / 2
    with mpmath.workdps(30):
        edge = 1 / mpmath.sqrt(1 + mpmath.exp(-2 * mpmath.mpf(log_rho)))
        near = [edge * mpmath.mpf(k) / 16 for k in range(17)]
        far = [edge + (1 - edge) * mpmath.mpf(k) / 16 for k in range(17)]
        shares = [mpmath.quad(lambda t: (1 - t * t) ** power, panels) for panels in (near, far)]
        expected = [float(mpmath.log(share / mpmath.fsum(shares))) for share in shares]
    assert inside == pytest.approx(expected[0], rel=1e-10, abs=1e-14)
    assert beyond == pytest.approx(expected[1], rel=1e-10, abs=1e-14)


def test_log_erf_holds_where_erf_and_its_complement_underflow():
    inside, beyond = log_erf(np.array([-800.0, 5.5]))
    assert inside[0] == pytest.approx(-800 + math.log(2 / math.sqrt(math.pi)), rel=1e-12)
    with mpmath.workdps(30):
        assert beyond[1] == pytest.approx(float(mpmath.log(mpmath.erfc(mpmath.exp(5.5)))), rel=1e-12)


def test_tiny_probabilities_keep_their_logarithm():
    found = collapse_probability(
        BimodalTarget(3, 0.8), Exponential(30, 50_000), GaussianInit(128), method="large-dim", objective="free-energy"
    )
    assert found.value < 1e-300
    assert -1100 < found.log_value < -600
    assert found.log_complement == pytest.approx(0, abs=1e-300)


def test_symmetric_starts_lose_nothing_by_mirroring():
    schedule, init = Exponential(10, 10), GaussianInit(32)
    there = collapse_probability(BimodalTarget(3, 0.7), schedule, init, method="large-dim")
    back = collapse_probability(BimodalTarget(3, "0.3"), schedule, init, method="large-dim")
    assert abs(there.value - back.value) <= there.error + back.error


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"relative_error": 0}, "relative_error"),
        ({"method": "simulated", "replicas": 0}, "replicas"),
    ],
)
def test_bad_input_names_its_argument(arguments, named):
    with pytest.raises(DomainError, match=rf"^{named} must be "):
        collapse_probability(BimodalTarget(3, 0.8), Constant(1), GaussianInit(8), **arguments)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "schedule", "init"),
    [
        (BimodalTarget(60, 0.8), Exponential(10, 10), GaussianInit(128)),
        (BimodalTarget(3, 0.8), Exponential(10, 10), GaussianInit(10**12)),
        (BimodalTarget(3, 0.8), Exponential(10**6, 10), GaussianInit(128)),
        (BimodalTarget(3, 1e-9), Exponential(10, 10), GaussianInit(128)),
        (BimodalTarget(3, 0.8), Exponential(10, 10), GaussianInit(128, variance="1e-12")),
        (BimodalTarget(3, 0.8), Exponential(10, 10), GaussianInit(128, variance=900)),
    ],
    ids=["R=60", "d=1e12", "T0=1e6", "w=1e-9", "scale=1e-6", "scale=30"],
)
def test_extreme_settings_agree_with_the_counted_full_flow(target, schedule, init):
    """1000 runs see a difference of 0.1 at P = 1/2 at the stated false-alarm rate."""
    formula = collapse_probability(target, schedule, init, method="large-dim", relative_error=1e-2)
    runs = simulate_flow(target, schedule, init, Dynamics(), 1000, seed=12)
    assert_probability(runs.count, runs.replicas, formula.value)
    assert formula.log_value <= 0
    assert formula.log_complement < 0


@pytest.mark.parametrize(
    ("target", "schedule", "init"),
    [
        (BimodalTarget(60, 0.8), Exponential(10, 10), GaussianInit(128)),
        (BimodalTarget(3, 0.8), Exponential(10**6, 10), GaussianInit(128)),
        (BimodalTarget(3, 0.8), Exponential(10, 10), GaussianInit(128, variance=900)),
    ],
    ids=["R=60", "T0=1e6", "scale=30"],
)
def test_extreme_settings_have_an_exact_value_close_to_the_limit(target, schedule, init):
    """At d = 128 the limit is 1 % off at most in the README's table."""
    exact, limit = (
        collapse_probability(target, schedule, init, method=method, relative_error=1e-2)
        for method in ("exact", "large-dim")
    )
    assert exact.value == pytest.approx(limit.value, abs=0.01 + exact.error + limit.error)
