"""Runs of mixtures: the same on any number of threads, one law on both routes, refusals, and the limit of the flow.

What the theory says of training is tested in `tests.agreement`.
"""

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import fisher_exact

from anneal_theory.errors import DomainError, SolveError
from anneal_theory.gradient_flow import FullState, solve_flow
from anneal_theory.problem import BimodalTarget, GaussianInit, GaussianMixture
from anneal_theory.problem.mixture import as_mixture
from anneal_theory.schedules import Constant, Exponential
from anneal_theory.training import train_mixture, train_mixture_torch
from anneal_theory.training.adaptive import AdaAnn
from anneal_theory.training.mixture_kernels import WATCHED, train_reduced
from anneal_theory.training.mixture_routes import quadrature
from tests.budgets import FALSE_ALARM

TARGET = BimodalTarget(3, "0.8")


def test_results_depend_neither_on_threads_nor_on_the_number_of_replicas():
    runs = [
        train_mixture(TARGET, Constant(1), GaussianInit(9), replicas=n, batch_size=20, end_time=40, threads=threads)
        for n, threads in ((20, 1), (20, 3), (11, 2))
    ]
    for run in runs[1:]:
        assert np.array_equal(run.statistics["s12"], runs[0].statistics["s12"][: run.replicas])


@pytest.mark.slow
def test_both_routes_collapse_equally_often():
    """Fisher's exact test; 150 runs each see a difference of 0.34 in P."""
    rules = {"batch_size": 10, "step_size": 0.4, "replicas": 150, "end_time": 40, "threads": 1}
    reduced, plain = (
        train_mixture(TARGET, Exponential(5, 3), GaussianInit(5), route=route, seed=seed, **rules)
        for route, seed in (("reduced", 1), ("plain", 2))
    )
    table = [[run.count, run.replicas - run.count] for run in (reduced, plain)]
    assert fisher_exact(table).pvalue > FALSE_ALARM


RULES = {"replicas": 3, "batch_size": 20, "step_size": 0.1, "end_time": 15, "most_undecided": 1}


@pytest.mark.parametrize("schedule", [Exponential(3, 2), AdaAnn(3, 0.3, every=7, samples=50)])
@pytest.mark.parametrize("route", ["reduced", "plain"])
def test_records_lie_on_the_run_as_it_is_without_them(route, schedule):
    rules = RULES | {"route": route}
    bare = train_mixture(TARGET, schedule, GaussianInit(6), stop_at_rest=False, **rules)
    found = train_mixture(TARGET, schedule, GaussianInit(6), record_every=40, **rules)
    assert bare.history == {}
    assert found.history["step"][:, 0].tolist() == [0, 40, 80, 120, 150]
    for name in ("m1", "m2", "s11", "s12", "s22"):
        np.testing.assert_array_equal(found.history[name][-1], bare.statistics[name])
    short = train_mixture(
        TARGET, schedule, GaussianInit(6), highest_final_temperature=100, **(rules | {"end_time": 8, "replicas": 1}),
        stop_at_rest=False,
    )  # fmt: skip
    np.testing.assert_array_equal(found.history["m1"][2, :1], short.statistics["m1"])


def test_the_temperature_of_a_record_is_that_of_its_step():
    schedule = Exponential(3, 2)
    history = train_mixture(TARGET, schedule, GaussianInit(6), record_every=40, **RULES).history
    times = 0.1 * np.array([0, 40, 80, 120, 149])  # the last record tells of the last step made
    np.testing.assert_allclose(history["temperature"][:, 1], schedule.temperature(times), rtol=1e-12)


def test_samples_that_do_not_fit_in_memory_are_refused():
    with pytest.raises(DomainError, match=r"^dim must be at most 134217 .*reduced"):
        train_mixture(TARGET, Constant(1), GaussianInit(10**30), route="plain")
    with pytest.raises(DomainError, match=r"^dim must be at most"):
        train_mixture_torch(TARGET, Constant(1), GaussianInit(10**9))
    few = {"replicas": 1, "batch_size": 2, "end_time": 1, "most_undecided": 1}
    assert train_mixture(TARGET, Constant(1), GaussianInit(10**30), **few).replicas == 1


def test_a_general_mixture_is_not_recorded():
    with pytest.raises(DomainError, match="record_every"):
        train_mixture(as_mixture(TARGET, 2), Constant(1), GaussianInit(2), route="plain", record_every=5, **RULES)


@pytest.mark.slow
def test_stopping_at_rest_changes_no_verdict():
    rules = {"replicas": 40, "batch_size": 100, "end_time": 300, "seed": 3}
    early, late = (
        train_mixture(TARGET, Exponential(10, 10), GaussianInit(128), stop_at_rest=stop, **rules)
        for stop in (True, False)
    )
    assert np.array_equal(early.collapsed, late.collapsed)
    assert early.statistics["steps"].mean() < 0.8 * late.statistics["steps"].mean()


def test_three_components_find_three_distant_modes():
    target = GaussianMixture([[2.0, 0.0], [-2.0, 1.0], [0.0, -2.5]], [0.3, 0.3, 0.4])
    found = train_mixture(
        target, Exponential(5, 5), GaussianInit(2), replicas=4, batch_size=50, route="plain", step_size=0.2,
        family_weights=[0.3, 0.3, 0.4], end_time=80,
    )  # fmt: skip
    assert found.collapsed.shape == (4,)
    assert not found.collapsed.all()


def _distance_from_the_flow(step):
    """Largest distance of the exact route's overlaps from the solved flow's, at one time and the same start."""
    schedule, time, start = Exponential(5, 2), 4.0, np.array([0.3, -0.2, 0.5, -0.6, 0.4])
    c, p = start[:2], np.array([start[2:4], [start[4]] * 2])
    m, gram = 3 * c, np.outer(c, c) + p.T @ p
    flow = solve_flow(
        TARGET, schedule, FullState(*m, gram[0, 0], gram[0, 1], gram[1, 1]), [0.0, time], family_weight=0.3
    )
    temperatures, nodes, masses = schedule.temperature(np.arange(round(time / step)) * step), *quadrature(3.0)
    train_reduced(
        np.random.default_rng(0), np.uint64(0), start, 7, 3.0, TARGET.half_log_odds, np.array([0.3, 0.7]),
        1 / temperatures, np.ones_like(temperatures), False, step, False, 0, nodes, masses, 0, 0,
        np.zeros(WATCHED),
    )  # fmt: skip
    ends = [3 * start[0], 3 * start[1], start[0] ** 2 + start[2] ** 2 + start[4] ** 2]
    return max(abs(end - flow[name][-1]) for end, name in zip(ends, ("m1", "m2", "s11"), strict=True))


def test_training_without_noise_tends_to_the_flow_at_order_one_in_the_step():
    """Distances at steps 0.02, 0.01, 0.005 halve within 3 %: sees an error of 1e-3 in an overlap."""
    distances = [_distance_from_the_flow(step) for step in (0.02, 0.01, 0.005)]
    for coarse, fine in pairwise(distances):
        assert 1.94 < coarse / fine < 2.06
    assert distances[-1] < 0.1


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ({"batch_size": 1}, "batch_size"),
        ({"step_size": 0.0}, "step_size"),
        ({"step_size": -0.1}, "step_size"),
        ({"replicas": 0}, "replicas"),
        ({"end_time": 0.0}, "end_time"),
        ({"highest_final_temperature": 0.5}, "highest_final_temperature"),
        ({"family_weights": [0.5, 0.5]}, "route"),
    ],
)
def test_a_rule_outside_its_domain_is_named(words, named):
    with pytest.raises(DomainError, match=named):
        train_mixture(TARGET, Constant(1), GaussianInit(8), **words)


def test_a_schedule_that_ends_hot_is_refused_with_the_steps_that_reach_the_limit():
    schedule, step = Exponential(10, 50), 0.05
    steps = int(np.ceil(schedule.settling_time(0.15) / step)) + 1
    with pytest.raises(DomainError, match=f"{steps} steps"):
        train_mixture(TARGET, schedule, GaussianInit(8), end_time=50)
    assert schedule.temperature((steps - 1) * step) <= 1.15 < schedule.temperature((steps - 3) * step)


def test_a_schedule_that_never_cools_is_refused():
    with pytest.raises(DomainError, match="no number of steps"):
        train_mixture(TARGET, Constant(2), GaussianInit(8))


def test_a_step_too_large_is_told_and_not_counted():
    with pytest.raises(SolveError, match="use step_size="):
        train_mixture(TARGET, Constant(1), GaussianInit(8), replicas=2, batch_size=10, step_size=9.0, end_time=20000)
