"""A mixture whose optimiser has momentum is recovered from its records: the case that `calibrate_flow` is for."""

import numpy as np
import pytest
from scipy.stats import t

import anneal_theory as at
from anneal_theory.design import calibrate_flow
from tests.budgets import FALSE_ALARM

TARGET, DIM, BETA, START = at.BimodalTarget(3, "0.8"), 4, 0.9, 0.03


def trained(step_size, batch, runs, steps, *, temperature=1, every=5, seed=0):
    """Two means by plain gradients, which are sampled in single precision, and Adam's average of them."""
    rng, radius = np.random.default_rng(seed), TARGET.separation
    tilt = 0.5 * np.log(TARGET.weight / (1 - TARGET.weight))
    means = rng.normal(0, START, (runs, 2, DIM))
    velocity, rows = np.zeros_like(means), []
    for step in range(steps + 1):
        if step % every == 0:
            square = np.einsum("rik,rjk->rij", means, means)
            rows.append([*(radius * means[..., 0].T), square[:, 0, 0], square[:, 0, 1], square[:, 1, 1]])
        points = means[:, :, None] + rng.standard_normal((runs, 2, batch, DIM), dtype=np.float32)
        off = [points - means[:, None, None, i] for i in (0, 1)]
        first = 1 / (1 + np.exp(((off[0] ** 2).sum(-1) - (off[1] ** 2).sum(-1)) / 2))
        shares = first[..., None], 1 - first[..., None]
        score = points / temperature - shares[0] * off[0] - shares[1] * off[1]
        score[..., 0] -= radius / temperature * np.tanh(radius * points[..., 0] + tilt)
        gradient = score.mean(2) + np.stack([(shares[i] * off[i]).mean(2).sum(1) for i in (0, 1)], axis=1)
        velocity = BETA * velocity + (1 - BETA) * gradient / 2
        means = means - step_size * velocity / (1 - BETA ** (step + 1))
    history = dict(zip(("m1", "m2", "s11", "s12", "s22"), np.array(rows).transpose(1, 0, 2), strict=True))
    count = len(rows)
    return history | {"step": every * np.arange(count)[:, None], "temperature": np.full((count, 1), float(temperature))}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step_size", "batch", "runs", "steps", "seen"),
    [
        (0.1, 64, 48, 400, 0.05),
        (0.05, 64, 48, 500, 0.05),
        (0.01, 64, 32, 1500, 0.05),
        (0.1, 1000, 16, 300, 0.05),
        (0.1, 3, 64, 400, 0.1),
    ],
)
def test_a_mixture_with_momentum_is_recovered(step_size, batch, runs, steps, seen):
    """Step, batch and start within the reach of their errors, by Student's law of so many runs, and one time unit.

    What is seen: the share `seen` of the step, and the factors that the reach makes of the other errors. Windows
    beside the rates at their own steps, as without momentum, were off by a tenth, with p = 1e-63.
    """
    found = calibrate_flow(TARGET, trained(step_size, batch, runs, steps), dim=DIM)
    reach = t.isf(FALSE_ALARM / 6, runs - 1)
    assert abs(found.step_size - step_size) < reach * found.step_size_error < seen * step_size
    assert abs(1 / found.batch_size - 1 / batch) < reach * found.batch_size_error / found.batch_size**2
    assert found.batch_size_error < batch / 4
    assert abs(found.init.variance - START**2) < reach * found.variance_error
    assert found.p_value > FALSE_ALARM
    assert found.record_deviation < 0.05  # of exact records: what the fit leaves, beside overlaps of 9


@pytest.mark.parametrize("temperature", [2, 10])
def test_a_hot_mixture_with_momentum_is_recovered(temperature):
    """As hot as a hold, and as designs for a mixture: the step to a twentieth, and one time unit."""
    found = calibrate_flow(TARGET, trained(0.1, 64, 32, 300, temperature=temperature), dim=DIM)
    assert abs(found.step_size - 0.1) < t.isf(FALSE_ALARM / 2, 31) * found.step_size_error < 0.1 / 20
    assert found.p_value > FALSE_ALARM


@pytest.mark.slow
def test_records_of_momentum_read_without_it_are_told():
    """The recovery sees whether memory is counted: on the same records the step is off and time passes unevenly."""
    history = trained(0.1, 64, 48, 400)
    found = calibrate_flow(TARGET, history, dim=DIM, memory=1)
    assert found.p_value < FALSE_ALARM
    assert abs(found.step_size - 0.1) > t.isf(FALSE_ALARM / 6, 47) * found.step_size_error
