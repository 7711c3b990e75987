"""Runs on the sphere: one law on both routes, the rules of the variance, records, verdicts, and what is refused.

What the theory says of training is tested in `tests.agreement`.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact, ks_2samp

import anneal_theory as at
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.problem.mixture import as_mixture
from anneal_theory.schedules import Constant, ExponentialToOne
from anneal_theory.training import train_mixture
from anneal_theory.training.adaptive import AdaAnn
from anneal_theory.training.fates import DECIDED, DIVERGED, UNSETTLED, Watch
from anneal_theory.training.sphere_fates import sphere_surroundings, watched_columns
from anneal_theory.training.sphere_plain import train_widened
from anneal_theory.training.sphere_routes import uniform_pair
from tests.budgets import FALSE_ALARM
from tests.exploration import examples

TARGET, COOLING = at.BimodalTarget(3, "0.8"), ExponentialToOne(9, 2)
PAPER = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
FEW = {"replicas": 3, "batch_size": 20, "step_size": 0.1, "end_time": 15, "most_undecided": 1} | PAPER


def test_results_depend_neither_on_threads_nor_on_the_number_of_replicas():
    runs = [
        train_mixture(TARGET, Constant(1), at.SphereInit(9), **(FEW | {"replicas": n, "threads": threads}))
        for n, threads in ((20, 1), (20, 3), (11, 2))
    ]
    for run in runs[1:]:
        assert np.array_equal(run.statistics["v2"], runs[0].statistics["v2"][: run.replicas])


@pytest.mark.slow
def test_both_routes_collapse_equally_often():
    """Fisher's exact test; 80 runs each see a difference of 0.47 in P."""
    rules = PAPER | {"batch_size": 5, "step_size": 0.4, "replicas": 80, "end_time": 60, "threads": 1}
    runs = [
        train_mixture(TARGET, COOLING, at.SphereInit(7), route=route, seed=seed, most_undecided=0.05, **rules)
        for route, seed in (("reduced", 1), ("plain", 2))
    ]
    assert fisher_exact([[run.count, run.decided - run.count] for run in runs]).pvalue > FALSE_ALARM


@pytest.mark.slow
@pytest.mark.parametrize(
    ("gradient", "weight"), [pytest.param("plain", 0.5, marks=pytest.mark.slow), ("path", 0.5), ("plain", 0.7)]
)
def test_both_routes_have_one_law_in_the_midst_of_annealing(gradient, weight):
    """Kolmogorov's and Smirnov's test of 250 runs each: sees a shift of 0.6 standard deviations."""
    rules = PAPER | {"batch_size": 5, "step_size": 0.2, "replicas": 250, "end_time": 3, "threads": 1}
    rules |= {"gradient": gradient, "family_weight": weight, "highest_final_temperature": 9, "most_undecided": 1}
    found = [
        train_mixture(TARGET, COOLING, at.SphereInit(7), route=route, seed=seed, **rules).statistics
        for route, seed in (("reduced", 1), ("plain", 2))
    ]
    for name in ("m1", "m2", "pair_overlap", "v1", "v2"):
        reduced, plain = (run[name] for run in found)
        assert ks_2samp(reduced, plain).pvalue > FALSE_ALARM
    ratios = [run["v1"] / run["v2"] for run in found]
    assert ks_2samp(*ratios).pvalue > FALSE_ALARM


@pytest.mark.slow
@pytest.mark.parametrize(("variance", "gradient"), [("follows-temperature", "plain"), ("fixed", "path")])
def test_both_routes_have_one_law_at_a_held_variance(variance, gradient):
    """The same, of the three numbers that move, over 15 steps of different temperatures."""
    rules = PAPER | {"batch_size": 5, "step_size": 0.2, "replicas": 250, "end_time": 3, "threads": 1}
    rules |= {"variance": variance, "gradient": gradient, "highest_final_temperature": 9, "most_undecided": 1}
    reduced, plain = (
        train_mixture(TARGET, COOLING, at.SphereInit(7), route=route, seed=seed, **rules).statistics
        for route, seed in (("reduced", 1), ("plain", 2))
    )
    for name in ("m1", "m2", "pair_overlap"):
        assert ks_2samp(reduced[name], plain[name]).pvalue > FALSE_ALARM
    assert np.array_equal(reduced["v1"], plain["v1"])


@pytest.mark.parametrize("schedule", [COOLING, AdaAnn(3, 0.3, every=7, samples=50)])
@pytest.mark.parametrize("route", ["reduced", "plain"])
def test_records_lie_on_the_run_as_it_is_without_them(route, schedule):
    bare = train_mixture(TARGET, schedule, at.SphereInit(6), stop_at_rest=False, route=route, **FEW)
    found = train_mixture(TARGET, schedule, at.SphereInit(6), record_every=40, route=route, **FEW)
    assert found.history["step"][:, 0].tolist() == [0, 40, 80, 120, 150]
    for name in ("m1", "m2", "pair_overlap", "v1", "v2"):
        np.testing.assert_array_equal(found.history[name][-1], bare.statistics[name])
    temperature = 9 if schedule is COOLING else 3
    assert found.history["v1"][0].tolist() == [temperature] * 3


@pytest.mark.slow
@pytest.mark.parametrize("route", ["reduced", "plain"])
def test_each_rule_of_the_variance_holds_along_a_run(route):
    words = FEW | {"route": route, "record_every": 10}
    runs = {
        rule: train_mixture(TARGET, COOLING, at.SphereInit(50), **(words | {"variance": rule})).history
        for rule in ("fixed", "follows-temperature", "trained")
    }
    assert np.all(runs["fixed"]["v1"] == 1)
    slaved = runs["follows-temperature"]
    for name in ("v1", "v2"):  # a record tells of the state before its step, which the step before has left
        steps = np.maximum(slaved["step"] - 1, 0)
        np.testing.assert_allclose(slaved[name], COOLING.temperature(0.1 * steps), rtol=1e-12)
    assert np.all(runs["trained"]["v1"][5] > slaved["v1"][5])  # it lags


@examples(20)
@given(
    radius=st.floats(0.1, 20),
    dim=st.integers(3, 20),
    temperature=st.floats(1, 100),
    step=st.floats(1e-3, 2),
    weight=st.floats(0.01, 0.99),
    gradient=st.sampled_from(["plain", "path"]),
    seed=st.integers(0, 2**32 - 1),
)
def test_means_stay_on_the_sphere_under_any_noise(radius, dim, temperature, step, weight, gradient, seed):
    rng, target = np.random.default_rng(seed), at.BimodalTarget(radius, "0.8")
    means = rng.normal(size=(2, dim))
    means *= radius / np.linalg.norm(means, axis=1)[:, None]
    rows = train_widened(
        rng, means, np.full(2, temperature), np.array([weight, 1 - weight]), radius, as_mixture(target, dim),
        np.full(30, 1 / temperature), np.full(30, step), None, 3, gradient, lambda: None,
    )  # fmt: skip
    np.testing.assert_allclose(np.linalg.norm(means, axis=1), radius, rtol=1e-14)
    told = [*(radius * means[:, 0]), means[0] @ means[1]]
    np.testing.assert_allclose(rows[-1, :3], told, rtol=1e-12, atol=1e-13 * radius**2)


def test_steps_that_are_too_large_leave_overlaps_that_unit_vectors_can_have():
    wild = train_mixture(TARGET, COOLING, at.SphereInit(6), **(FEW | {"step_size": 1.0, "record_every": 1}))
    c1, c2, s = wild.history["m1"] / 9, wild.history["m2"] / 9, wild.history["pair_overlap"]
    volume = 1 + 2 * c1 * c2 * s - c1**2 - c2**2 - s**2  # of three unit vectors, squared
    assert volume.min() > -1e-12


def test_the_starts_of_the_reduced_route_are_those_of_uniform_means():
    """Kolmogorov's and Smirnov's test of 5000 starts: sees a shift of 0.12 standard deviations."""
    rng, other = np.random.Generator(np.random.SFC64(1)), np.random.default_rng(2)
    reduced = np.array([uniform_pair(4.0, rng) for _ in range(5000)])
    first, second = (draws / np.linalg.norm(draws, axis=1)[:, None] for draws in other.normal(size=(2, 5000, 4)))
    plain = np.stack([first[:, 0], second[:, 0], np.sum(first * second, axis=1)], axis=1)
    gaps = [(set_[:, 2] - set_[:, 0] * set_[:, 1]) for set_ in (reduced, plain)]
    for a, b in [*zip(reduced.T, plain.T, strict=True), gaps]:
        assert ks_2samp(a, b).pvalue > FALSE_ALARM


def test_the_verdict_is_the_sign_of_the_cosine_of_the_pair():
    found = train_mixture(TARGET, COOLING, at.SphereInit(64), replicas=30, batch_size=100, **PAPER)
    s = found.statistics["pair_overlap"]
    assert np.array_equal(found.collapsed, s > 0)
    assert np.all(np.abs(s) > 0.9)
    np.testing.assert_allclose(found.statistics["v1"], 1, atol=0.05)
    np.testing.assert_allclose(found.mode_weight[~found.collapsed], 0.5, atol=1e-2)


@pytest.mark.parametrize(
    ("end", "moving", "fate"),
    [
        ([8.9, -8.9, -0.99, 1.0, 1.0], 0.0, DECIDED),
        ([8.9, 8.9, 0.99, 1.0, 1.0], 0.0, DECIDED),
        ([8.9, -8.9, -0.99, 1.0, 1.0], 1.0, UNSETTLED),  # a variance on its way
        ([8.9, -8.9, 0.001, 1.0, 1.0], 0.0, UNSETTLED),  # a cosine that lies on the other side of its average
        ([8.9, -8.9, -0.99, 1.0, 200.0], 0.0, DIVERGED),
        ([8.9, -8.9, -0.99, np.nan, 1.0], 0.0, DIVERGED),
        ([8.9, -8.9, -0.99, 0.0, 1.0], 0.0, DIVERGED),
    ],
)
def test_a_run_is_decided_where_it_rests_away_from_the_boundary(end, moving, fate):
    around, watch = sphere_surroundings(3.0, np.full(2, 0.5), np.full(2, 0.05), 100, 64), Watch(20, 3.0)
    rows = np.tile([8.9, np.sign(end[1]) * 8.9, np.sign(end[1]) * 0.99, 1.0, 1.0], (40, 1))
    rows[:20, 3] += moving
    for half in (rows[:20], rows[20:]):
        watch.note_all(*watched_columns(half, 3.0))
    assert around.fate(np.array(end), 1.0, watch.windows) == fate
    assert around.fate(np.array(end), 1.2, watch.windows) != DECIDED


def test_runs_cut_short_are_undecided_and_too_large_steps_are_told():
    with pytest.raises(SolveError, match="had not settled"):
        train_mixture(TARGET, COOLING, at.SphereInit(6), **(FEW | {"most_undecided": 0.5}))
    words = {"step_size": 9.0, "end_time": 900, "most_undecided": 0}
    with pytest.raises(SolveError, match="use step_size="):
        train_mixture(TARGET, Constant(1), at.SphereInit(6), **(FEW | words))


@pytest.mark.parametrize(
    ("target", "init", "words", "message"),
    [
        (TARGET, at.GaussianInit(8), PAPER, r"^init must be a SphereInit .*SphereInit\(8\)"),
        (TARGET, at.SphereInit(8), {}, r'^init must be a GaussianInit .*constraint="sphere"'),
        (TARGET, at.SphereInit(8), PAPER | {"route": "exact"}, "^route must be 'reduced' or 'plain' .*solve_flow"),
        (TARGET, at.SphereInit(8), PAPER | {"family_weights": [0.5, 0.5]}, "^family_weights must be left out"),
        (TARGET, at.SphereInit(8), PAPER | {"metric": "natural"}, "^metric must be 'euclidean'"),
        (TARGET, at.GaussianInit(8), {"variance": "trained"}, "^variance must be 'fixed' for free means"),
        (as_mixture(TARGET, 8), at.SphereInit(8), PAPER | {"route": "plain"}, "^target must be a BimodalTarget"),
        (at.BimodalTarget("0.3", 0.8), at.SphereInit(8), PAPER, "^separation must be above 1 on the sphere"),
        (TARGET, at.SphereInit(10**8), PAPER | {"route": "plain"}, "^dim must be at most"),
    ],
)
def test_what_the_sphere_does_not_have_is_refused_by_name(target, init, words, message):
    with pytest.raises(DomainError, match=message):
        train_mixture(target, Constant(1), init, **words)


def test_runs_that_noise_keeps_from_their_modes_are_told_the_batch_that_lets_them_settle():
    """At d = 1e9 and a batch of 64 twice the time would change nothing; at d = 20,000 the batch advised does."""
    setting = TARGET, at.ExponentialToOne(9, duration=2)
    with pytest.raises(at.SolveError, match=r"hides the modes: use batch_size=\d+ or more, or smaller steps\.$"):
        at.train_mixture(*setting, at.SphereInit(10**9), replicas=2, batch_size=64, step_size=0.05, **PAPER)
    longer = {"replicas": 2, "step_size": 0.05, "end_time": 60}
    with pytest.raises(at.SolveError, match="use batch_size=889 or more"):
        at.train_mixture(*setting, at.SphereInit(20_000), batch_size=2, **longer, **PAPER)
    assert at.train_mixture(*setting, at.SphereInit(20_000), batch_size=889, **longer, **PAPER).replicas == 2
