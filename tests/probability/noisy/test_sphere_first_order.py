"""P on the sphere to leading order in eta/B: beside kicked runs, runs at quantiles, and counted ones."""

import functools

import numpy as np
import pytest
from scipy.stats import norm

import anneal_theory as at
from anneal_theory.models.sphere_pair import sphere_pair
from anneal_theory.probability.noisy import sphere_first_order
from anneal_theory.probability.noisy import sphere_first_order_kernels as kernels
from anneal_theory.probability.noisy.by_quantiles import by_quantiles
from anneal_theory.probability.noisy.first_order import step_grid
from anneal_theory.probability.noisy.quantiles import CHECK
from anneal_theory.probability.noisy.training_noise import SEARCHED_MOVE, noisy_training
from anneal_theory.problem import Dynamics
from tests.budgets import FALSE_ALARM
from tests.exploration import scaled
from tests.oracles.sphere_kicks import COARSE, Kicks

TARGET, COOLING, HOLD = at.BimodalTarget(3, "0.8"), at.ExponentialToOne(20, 5), at.Hold(20, 5)
SPHERE = {"constraint": "sphere", "objective": "free-energy"}
VARIANCES = "fixed", "follows-temperature", "trained"
DIM, SHORT = 64, at.Hold(6, 3)
WEAK = 10**8, 10**15
_TIMES, _MASSES = np.polynomial.legendre.leggauss(5)


def leading(schedule, dim, **options):
    return at.noisy_collapse_probability(
        TARGET, schedule, at.SphereInit(dim), method="leading-order", **SPHERE | options
    )


@functools.cache
def along(start):
    """Of a start (y, c): S, W and U, the problem of its critical run, and (times, states, q) along that."""
    rules = Dynamics(**SPHERE, variance="fixed")
    model, grid = sphere_pair(TARGET, SHORT, rules), step_grid(SHORT, rules, step=0.05)
    found = sphere_first_order.shifts_of(model, grid, np.array([start]), np.ones(1), DIM, plain=True)
    problem = model.parameters, model.averages, model.packed[3]
    states, slopes = np.empty((len(grid[0]), 4)), np.zeros((len(grid[0]), 4))
    kernels.start_state(np.array(start), found.log_rho[0], problem[0], states[0])
    steps = kernels.run_along(states, grid[:3], grid[3], problem)
    first = kernels.sphere_noise.start_slopes(
        difference_cosine=np.exp(states[0, 0]), overlap_sum=states[0, 1], pair_cosine=states[0, 2],
        separation=TARGET.separation, dim=DIM,
    )  # fmt: skip
    kernels.summed_on(np.array([*first, 0.0]), states, steps, grid[:3], problem, slopes)
    return (
        found.parts[:, 0],
        found.spread[:, 0],
        problem,
        grid[0][: steps + 1],
        states[: steps + 1],
        slopes[: steps + 1],
    )


@pytest.mark.slow
@pytest.mark.parametrize("start", [pytest.param((0.1, 0.0), marks=pytest.mark.nightly), (-0.2, 0.1)])
def test_noise_shifts_as_much_as_its_velocity_is_worth_at_kicked_runs(start):
    """What kicks at ten times are worth, by thresholds searched anew from there; of the fate of either mode's pairs.

    Covectors are good to 2e-3 (searches to 1e-6 beside kicks of 1e-3), and the velocities are those of
    `test_sphere_diffusion`.
    """
    parts, spread, problem, times, states, slopes = along(start)
    kicks, (log_x, total, cosine, _) = Kicks(TARGET, SHORT, COARSE), states[0]
    whole = drifts = 0.0
    widths = np.zeros(2)
    for half in (0.0, 3.0):  # 1e-4 of the whole is left after 6
        for time, mass in zip(half + 1.5 * (_TIMES + 1), 1.5 * _MASSES, strict=True):
            here, *covector = kicks.covector(time, log_x, total, cosine)
            covector = np.array(covector)
            hot = float(SHORT.temperature(time))
            c = kernels.diffusion(np.array([*here, 0.0]), hot, problem, float(DIM), 1.0)
            q = [np.interp(time, times, slopes[:, k]) for k in range(3)]
            spread_here = np.array([[c[0], c[1], c[2]], [c[1], c[3], c[4]], [c[2], c[4], c[5]]])
            whole -= mass * hot**2 * np.dot(covector, np.array(c[9:]) - spread_here @ q / 2)
            drifts -= mass * hot**2 * np.dot(covector, c[6:9])
            across = np.array([0, *covector[1:]])
            widths += mass * hot**2 * np.array([covector @ spread_here @ covector, across @ spread_here @ across])
    size = np.abs(parts).sum()
    assert whole == pytest.approx(parts.sum(), abs=5e-3 * size)
    assert drifts == pytest.approx(parts[0] + parts[1], abs=5e-3 * size)
    assert size > 2
    np.testing.assert_allclose(widths, spread, rtol=1e-2)  # squares of what is good to 5e-3


@pytest.mark.parametrize("variance", [pytest.param(one, marks=pytest.mark.slow) for one in VARIANCES])
def test_weak_noise_moves_p_as_runs_at_quantiles_do(variance):
    """Another route, which follows x and m1 + m2 alone, to leading order in 1/d: to a tenth of the parts.

    Its rule and moves are coarse, which all batches see alike.
    """
    rules, init = Dynamics(**SPHERE, variance=variance), at.SphereInit(64)
    found = sphere_first_order.noise_shifts(TARGET, HOLD, 64, rules, plain=True)
    slope, size = found.slope(64), float(found.steepness(64) @ np.abs(found.parts).sum(axis=0))
    trainings = (
        noisy_training(TARGET, HOLD, init, rules, batch, 0.1, "plain", SEARCHED_MOVE) for batch in (20, 40, 10**12)
    )
    loud, less, quiet = (by_quantiles(one, TARGET, init, CHECK).value for one in trainings)
    richardson = 2 * (less - quiet) / (0.1 / 40) - (loud - quiet) / (0.1 / 20)
    assert abs(slope - richardson) < 0.1 * size
    assert size > 3


@pytest.mark.slow
@pytest.mark.parametrize("variance", ["follows-temperature", pytest.param("fixed", marks=pytest.mark.nightly)])
def test_counted_runs_collapse_as_often(variance):
    """P itself where noise moves it by a twentieth or a quarter, but for what steps change.

    3000 runs see it 0.05 off by themselves, and as many as the nightly run draws 0.016.
    """
    hot, options = at.Hold(20, 10), {"batch_size": 4, "step_size": 0.04, "variance": variance}
    found = leading(hot, 128, **options)
    problem, rules = (TARGET, hot, at.SphereInit(128)), SPHERE | options
    drawn = at.noisy_collapse_probability(*problem, method="simulated", replicas=scaled(3000), **rules)
    quiet = at.noisy_collapse_probability(*problem, **rules | {"batch_size": 10**12})
    steps = abs(quiet.value - found.parts["flow"]) + quiet.error
    assert abs(found.value - drawn.value) < norm.isf(FALSE_ALARM / 2) * drawn.error + found.error + steps


def _drawn(seed):
    """A target, a schedule and noise: short ones, of any strength."""
    rng = np.random.default_rng(seed)
    target = at.BimodalTarget(f"{rng.uniform(2.5, 3.5):.3g}", f"{rng.choice([0.5, rng.uniform(0.5, 0.9)]):.3g}")
    hot, length = f"{rng.uniform(4, 30):.3g}", round(rng.uniform(2, 12))
    schedule = [at.Hold(hot, length), at.ExponentialToOne(hot, length)][rng.integers(2)]
    noise = {"batch_size": round(2 * 10 ** rng.uniform(0, 2)), "gradient": str(rng.choice(["plain", "path"]))}
    rules = SPHERE | {"variance": VARIANCES[seed % 3], "step_size": 0.1}
    return (target, schedule, at.SphereInit(int(rng.choice([8, 16, 64, 128])))), noise | rules


@pytest.mark.parametrize(
    "seed", [3, *(pytest.param(one, marks=pytest.mark.slow) for one in sorted({1, 8, *range(scaled(1))} - {0, 3}))]
)
def test_the_error_covers_what_runs_at_quantiles_change(seed):
    """Over drawn settings, but for what steps change and quantiles leave open.

    It estimates the next orders and is no bound: of the first 12 they are larger at 8 alone, by a sixth. By day those
    run that come nearest to the error.
    """
    problem, noise = _drawn(seed)
    first = at.noisy_collapse_probability(*problem, method="leading-order", **noise)
    loud, quiet = (at.noisy_collapse_probability(*problem, **noise | more) for more in ({}, {"batch_size": 10**12}))
    steps = abs(quiet.value - first.parts["flow"])
    rules = sum(one.error - abs(one.value - first.parts["flow"]) for one in (loud, quiet))
    rest = abs(first.value - loud.value) - steps - rules
    assert rest <= (1.25 if seed == 8 else 1) * first.error
    assert 0 <= first.error <= max(first.value, 1 - first.value)


@pytest.mark.slow
def test_no_noise_leaves_p_of_the_gradient_flow():
    """By either law of a trained variance; where noise changes it by the other one, 1/d of that is in the error."""
    rules = SPHERE | {"variance": "trained"}
    for law in ("exact", "large-dim"):
        none = leading(HOLD, 16, batch_size=10**12, variance="trained", variance_law=law)
        exact = at.collapse_probability(TARGET, HOLD, at.SphereInit(16), variance_law=law, **rules).value
        assert none.value == pytest.approx(exact, rel=1e-5)
        assert none.method == "leading-order"
    own, other = (
        leading(HOLD, 16, batch_size=100, step_size=0.1, variance="trained", variance_law=law)
        for law in ("exact", "large-dim")
    )
    more = own.error - other.error - 1e-3 * abs(own.parts["slope"]) / 16
    assert own.parts["slope"] == pytest.approx(other.parts["slope"])
    assert abs(more) < 1e-4 * own.parts["flow"]


@pytest.mark.parametrize(
    "variance", [*(pytest.param(one, marks=pytest.mark.nightly) for one in VARIANCES[:2]), "trained"]
)
def test_finer_steps_and_nodes_change_the_slope_less_than_is_told(variance):
    """What the fine rule differs by from the coarse one is in the error; a finer one differs by less from it."""
    given = TARGET, COOLING, 64, Dynamics(**SPHERE, variance=variance)
    rules = sphere_first_order.CHECK, sphere_first_order.FINE, sphere_first_order.Rule(16, 6, 0.07)
    coarse, fine, finer = (sphere_first_order.noise_shifts(*given, rule, plain=True).slope(64) for rule in rules)
    assert abs(fine - finer) < 0.5 * abs(fine - coarse)
    if variance == "fixed":  # what is told knows no rule of the variance
        weak, quiet = (leading(COOLING, 64, batch_size=size, step_size=1e-3, variance=variance) for size in WEAK)
        assert (weak.error - quiet.error) / 1e-11 == pytest.approx(abs(fine - coarse), rel=1e-2)


@pytest.mark.slow
def test_the_error_of_next_orders_is_summed_node_by_node():
    """It is convex in a part: that of average parts is too small."""
    found = sphere_first_order.noise_shifts(TARGET, COOLING, 64, Dynamics(**SPHERE, variance="fixed"), plain=True)
    steep, strength = found.steepness(64), 1e-3
    sizes = strength * np.abs([found.parts[0], found.parts[1], found.parts[2] + found.parts[3]])
    wanted = float((sizes - 0.5 * np.log1p(2 * sizes)).sum(axis=0) @ steep)
    assert sphere_first_order.beyond_slope(found, 64, strength) == pytest.approx(wanted, rel=1e-9)
    typical = sizes @ steep / steep.sum()
    assert wanted > 1.2 * steep.sum() * (typical - 0.5 * np.log1p(2 * typical)).sum()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("schedule", "dim", "options", "named"),
    [
        (HOLD, 3, {}, "dim must be at least 4 for noise to leading order, but was 3; use method="),
        (HOLD, 8, {"family_weight": 0.3}, "family_weight must be"),
        (at.ExponentialToOne(9000, 35), 8, {"variance": "fixed"}, "schedule must be short enough for 262144 steps"),
    ],
)
def test_what_is_refused(schedule, dim, options, named):
    with pytest.raises(at.DomainError, match=f"^{named}"):
        leading(schedule, dim, batch_size=100, **options)
