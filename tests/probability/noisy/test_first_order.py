"""The threshold and P to leading order in eta/B: against a perturbed flow, runs at quantiles, and counted runs."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.stats import norm

import anneal_theory as at
from anneal_theory.probability.noisy import first_order
from anneal_theory.problem import Dynamics
from tests.budgets import FALSE_ALARM

TARGET, INIT = at.BimodalTarget(3, "0.8"), at.GaussianInit(128)
HOLD = at.Hold(8, 60)
PULSE = at.Piecewise([0, 470, 471, 598, 600], [1, 1, 13, 13, 1])
_NODES = np.arange(-85, 86) / 10  # the trapezoidal rule
_WEIGHTS = norm.pdf(_NODES) / norm.pdf(_NODES).sum()
_END, _RADIUS, _H = 260.0, TARGET.separation, TARGET.half_log_odds


def _psi(m):
    return float(_WEIGHTS @ np.tanh(m + _H + _RADIUS * _NODES))


def _rates(time, y, schedule, noise, dim):
    """(s, delta, |Delta_perp|) by their definitions, path noise adding the drift of a typical length."""
    s, delta, across = y
    beta = 1 / float(schedule.temperature(time))
    distance = math.hypot(delta / _RADIUS, across)
    label = float(_WEIGHTS @ (0.25 / np.cosh(0.5 * (distance**2 / 2 + distance * _NODES)) ** 2))  # E_1[r (1 - r)]
    psi_1, psi_2 = _psi(s + delta / 2), _psi(s - delta / 2)
    push = 2 * label - beta / 2
    drift = noise * (dim - 3) * (1 - beta) ** 2 / 4
    return (
        beta / 2 * (-s + _RADIUS**2 * (psi_1 + psi_2) / 2),
        push * delta + beta / 2 * _RADIUS**2 * (psi_1 - psi_2),
        push * across + drift / across,
    )


def _log_threshold(schedule, noise, dim, square):
    """log rho_c of a centred start, by bisection over whole runs of the perturbed flow."""

    def splits(log_rho):
        rho = math.exp(log_rho)
        across = math.sqrt(square / (1 + rho**2))
        y = 0.0, _RADIUS * rho * across, across
        for first, last in zip((0.0, *schedule.breakpoints), (*schedule.breakpoints, _END), strict=True):
            span = first, np.nextafter(last, first)
            y = solve_ivp(_rates, span, y, "LSODA", args=(schedule, noise, dim), rtol=1e-8, atol=1e-11).y[:, -1]
        return (y[0] + y[1] / 2) * (y[0] - y[1] / 2) < 0

    low, high = -4.0, 0.0
    while high - low > 2e-6:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if splits(middle) else (middle, high)
    return 0.5 * (low + high)


def test_the_shift_is_that_of_a_perturbed_flow():
    """The threshold of runs whose length has the drift of noise, by definition, at two strengths about none."""
    strength, dim = 1e-4, 128
    schedule = at.Hold(8, 20)
    found = at.noisy_threshold(TARGET, schedule, dim=dim, batch_size=500, step_size=0.05, gradient="path")
    up, down = (_log_threshold(schedule, sign * strength, dim, 2.0) for sign in (1, -1))
    assert found.parts["flow"] == pytest.approx(math.exp(0.5 * (up + down)), rel=1e-4)
    assert found.parts["shift"] == pytest.approx(0.5 * (up - down), rel=2e-2)


@pytest.mark.parametrize(
    ("schedule", "gradient", "batch"),
    [
        (HOLD, "path", 1000),
        (at.Constant(1), "path", 300),
        (at.Constant(1), "plain", 300),
        pytest.param(PULSE, "plain", 20_000, marks=pytest.mark.slow),
    ],
)
def test_weak_noise_moves_p_as_runs_at_quantiles_do(schedule, gradient, batch):
    """The slope along critical runs beside a difference of two P by another route, whose tolerance limits it."""
    told = {"gradient": gradient, "step_size": 0.05}
    first = at.noisy_collapse_probability(TARGET, schedule, INIT, batch_size=batch, method="leading-order", **told)
    loud, quiet = (
        at.noisy_collapse_probability(TARGET, schedule, INIT, batch_size=size, **told).value for size in (batch, 10**12)
    )
    change = first.parts["slope"] * 0.05 / batch
    assert first.value - first.parts["flow"] == pytest.approx(change, rel=0.1)
    assert loud - quiet == pytest.approx(change, rel=0.1, abs=1e-5)


def test_counted_runs_collapse_as_often():
    """Steps of 0.05 on batches of 15: noise adds 0.05 to P; sees an error of four fifths of that."""
    told = {"batch_size": 15, "gradient": "path", "step_size": 0.05}
    first = at.noisy_collapse_probability(TARGET, HOLD, INIT, method="leading-order", **told)
    drawn = at.noisy_collapse_probability(TARGET, HOLD, INIT, method="simulated", replicas=3000, **told)
    steps = abs(at.noisy_collapse_probability(TARGET, HOLD, INIT, batch_size=10**12).value - first.parts["flow"])
    assert abs(first.value - drawn.value) < norm.isf(FALSE_ALARM / 2) * drawn.error + first.error + steps
    assert first.value > first.parts["flow"] + 0.03


@pytest.mark.slow
def test_the_error_covers_what_a_stronger_noise_does():
    """Where noise triples P the straight line is too low; how far both forms differ is the size of what is left."""
    warm = at.Piecewise([0, 470, 471, 598, 600], ["1.5", "1.5", 13, 13, 1])
    first = at.noisy_collapse_probability(TARGET, warm, INIT, batch_size=100, method="leading-order")
    whole = at.noisy_collapse_probability(TARGET, warm, INIT, batch_size=100)
    assert abs(first.value - whole.value) < first.error
    assert whole.value > 2 * first.parts["flow"]


def test_one_slope_serves_all_batches_and_objectives():
    """The natural metric is the same training at half the time; no noise leaves P of the gradient flow."""
    base = at.noisy_collapse_probability(TARGET, HOLD, INIT, batch_size=50, method="leading-order")
    natural = at.noisy_collapse_probability(
        TARGET, at.Hold(8, 30), INIT, batch_size=50, step_size=0.025, method="leading-order", metric="natural"
    )
    assert natural.value == pytest.approx(base.value, rel=1e-5)
    none = at.noisy_collapse_probability(TARGET, HOLD, INIT, batch_size=10**12, method="leading-order")
    assert none.value == pytest.approx(at.collapse_probability(TARGET, HOLD, INIT).value, rel=1e-5)


def test_finer_steps_and_nodes_change_the_slope_little(monkeypatch):
    found = []
    for step, overlaps, lengths in ((0.1, 12, 5), (0.05, 20, 7)):
        for name, value in (("_STEP", step), ("_OVERLAPS", overlaps), ("_LENGTHS", lengths)):
            monkeypatch.setattr(first_order, name, value)
        told = at.noisy_collapse_probability(TARGET, HOLD, INIT, batch_size=100, method="leading-order")
        found.append(told.parts["slope"])
    assert found[0] == pytest.approx(found[1], rel=1e-4)


def test_steps_hold_every_kink_between_pairs():
    times, heats, paces, ceilings = first_order.step_grid(PULSE, Dynamics())
    assert all(corner in times[::2] for corner in PULSE.breakpoints)
    assert np.all(np.diff(times) > 0)
    assert np.all(np.diff(times) <= 0.1001)
    assert np.all(paces == 1)
    assert heats.max() == 13
    assert ceilings[0] == 13
    assert ceilings[-1] == 1


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: at.noisy_threshold(TARGET, HOLD, dim=128, batch_size=1), "batch_size"),
        (lambda: at.noisy_threshold(at.BimodalTarget(2, "0.5"), HOLD, dim=128, batch_size=10), "s0"),
        (lambda: at.noisy_threshold(TARGET, HOLD, dim=128, batch_size=10, family_weight=0.3), "family_weight"),
        (
            lambda: at.noisy_collapse_probability(
                TARGET, HOLD, at.SphereInit(8), batch_size=10, method="leading-order", constraint="sphere"
            ),
            "constraint",
        ),
    ],
)
def test_what_is_refused(call, named):
    with pytest.raises(at.DomainError, match=f"^{named} must be"):
        call()
