"""An estimate tells what it took: counts that depend on its arguments alone, and a time that nothing depends on."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from anneal_theory.errors import DomainError
from anneal_theory.models.free_pair import free_pair
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Exponential
from anneal_theory.threshold import collapse_threshold
from anneal_theory.work import Work, count_work, measured
from tests.oracles.plain_runs import plain_run

TARGET, SCHEDULE = BimodalTarget(3, "0.8"), Exponential(10, 10)


def counted(do) -> Work:
    """The work of something without a result of its own."""

    @measured
    def door():
        do()
        return Estimate(0.5, 0.1, -0.7, "simulated")

    return door().work


@pytest.mark.parametrize("count", [3, 40])
def test_runs_and_steps_are_those_of_the_integrator_however_many_threads_share_them(count):
    model = free_pair(TARGET, SCHEDULE, Dynamics())
    starts = np.stack([np.linspace(-1, 2, count), np.linspace(-4, 1, count), np.full(count, 0.3)], axis=1)
    steps = sum(plain_run(model, start.copy(), 1e-8, 10_000)[2] for start in starts)
    work = counted(lambda: model.runs.codes(starts[:, ::2], starts[:, 1], 1e-8, 10_000))
    assert work == Work(runs=count, steps=steps)


def test_a_threshold_counts_the_same_every_time_and_in_every_thread():
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: collapse_threshold(TARGET, SCHEDULE), range(2))
    assert first.work == second.work == collapse_threshold(TARGET, SCHEDULE).work
    assert first.work.nodes == 3  # by departures, bracketed at its tolerance, and at a rougher one
    assert first.work.steps > first.work.runs > 64  # looked at on a scan of 64


@pytest.mark.slow
def test_each_method_counts_what_it_does():
    init = GaussianInit(8)
    simulated = collapse_probability(TARGET, SCHEDULE, init, method="simulated", replicas=50).work
    exact = collapse_probability(TARGET, SCHEDULE, init, relative_error=1e-2).work
    formula = collapse_probability(TARGET, Exponential(30, 1000), init, method="slow-annealing").work
    assert (simulated.runs, simulated.nodes) == (50, 0)
    assert exact.runs > 2 * exact.nodes > 0
    assert formula.nodes > 0
    assert formula.runs == 0
    assert collapse_probability(BimodalTarget(2, 0.5), SCHEDULE, init).work == Work()  # its ends decide it


def test_a_call_inside_another_keeps_its_work_for_itself():
    inner = []

    def twice():
        count_work(runs=1)
        inner.append(counted(lambda: count_work(runs=5, steps=7)))
        count_work(steps=2)

    assert counted(twice) == Work(runs=1, steps=2)
    assert inner == [Work(runs=5, steps=7)]
    count_work(runs=1)  # counted by nobody


def test_the_time_is_in_no_comparison_no_text_and_no_file():
    estimate = Estimate(0.5, 0.1, -0.7, "exact", work=Work(3, 60, 1, seconds=2.5))
    assert replace(estimate, work=None) == estimate
    assert "2.5" not in repr(estimate) + json.dumps(estimate.to_dict())
    again = Estimate.from_dict(json.loads(json.dumps(estimate.to_dict())))
    assert again.work == Work(3, 60, 1)
    assert again.work.seconds is None


@pytest.mark.parametrize("work", [3, {"runs": -1}, {"runs": True}, {"runs": 1.5}, {"colour": 1}])
def test_what_is_no_saved_work_is_refused(work):
    with pytest.raises(DomainError):
        Estimate.from_dict(Estimate(0.5, 0.1, -0.7, "exact").to_dict() | {"work": work})
