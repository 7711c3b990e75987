"""Ways to anneal for RealNVP flows at one number of steps, and the clock in which theory is set beside them."""

import json
import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.stats import norm

from anneal_theory.cli.app import run
from anneal_theory.compare import compare_flow_baselines, time_per_step
from anneal_theory.errors import DomainError, NoCollapsedState, SolveError
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.schedules import Constant, Exponential, LinearBeta
from anneal_theory.training import train_realnvp
from anneal_theory.training.baselines import EVERY
from tests.advice import refused

TARGET = BimodalTarget(3, "0.8")
SMALL = {"dim": 32, "steps": 200, "replicas": 3, "batch_size": 16, "step_size": 0.03, "couplings": 2, "hidden": (8,)}
SMALL["most_undecided"] = 1  # flows this small may be anywhere
LINE = "train-realnvp --baselines --dim 32 --steps 200 --replicas 3 --batch-size 16 --step-size 0.03 --couplings 2"


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    path = tmp_path_factory.mktemp("flows") / "table.json"
    assert (
        run(
            [
                *LINE.split(),
                "--most-undecided",
                "1",
                "--hidden",
                "8",
                "--initial-temperature",
                "8",
                "--json",
                "--out",
                str(path),
            ]
        )
        == 0
    )
    return json.loads(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def rows(document):
    return {row["name"]: row for row in document["result"]["baselines"]["rows"]}


@pytest.mark.slow
def test_every_way_has_its_row_with_all_flows(document, rows):
    assert list(rows) == ["no annealing", "linear beta", "AdaAnn", "constant ESS", "theory-chosen"]
    assert {row["replicas"] for row in rows.values()} == {3}
    assert document["result"]["baselines"]["steps"] == 200


@pytest.mark.slow
def test_those_that_anneal_are_cold_after_the_same_share_of_the_steps(rows):
    # 0.8 of 200 steps; adaptive rules look every ten steps and are set by two pilots of four flows.
    assert rows["theory-chosen"]["cooling_time"] == pytest.approx(160, rel=1e-6)
    assert rows["linear beta"]["schedule"]["duration"] == pytest.approx(160, rel=1e-6)
    for name in ("AdaAnn", "constant ESS"):
        assert 133 <= rows[name]["cooling_time"] <= 200


@pytest.mark.slow
def test_the_theory_is_that_of_a_mixture_in_the_clock_of_the_flows(document, rows):
    clock, init = document["result"]["baselines"]["settings"]["clock"], GaussianInit(32)
    chosen = rows["theory-chosen"]["schedule"]
    assert chosen["initial_temperature"] <= 8
    flowing = {
        "no annealing": Constant(1),
        "linear beta": LinearBeta(8, 160 * clock),
        "theory-chosen": Exponential(chosen["initial_temperature"], chosen["decay_time"] * clock),
    }
    for name, schedule in flowing.items():
        expected = collapse_probability(TARGET, schedule, init, relative_error=1e-3).value
        assert rows[name]["theory"]["value"] == pytest.approx(expected, rel=2e-3)
    assert rows["AdaAnn"]["theory"] is rows["constant ESS"]["theory"] is None


@pytest.mark.slow
def test_the_row_of_a_schedule_is_the_training_of_it(rows):
    words = {name: value for name, value in SMALL.items() if name not in ("steps", "hidden")}
    row = rows["theory-chosen"]
    schedule = Exponential(row["schedule"]["initial_temperature"], row["schedule"]["decay_time"])
    found = train_realnvp(TARGET, schedule, steps=200, hidden=(8,), record_every=EVERY, **words)
    known = ~found.undecided
    assert (row["collapsed"], row["undecided"]) == (found.count, found.undecided.sum())
    assert known.any()
    assert row["mode_weight_error"] == pytest.approx(np.abs(found.mode_weight[known] - 0.8).mean(), rel=1e-9)
    assert row["forward_ess"] == pytest.approx(found.statistics["forward_ess"][known].mean(), rel=1e-9)


def aligned(target: BimodalTarget, start: float, rate: float) -> dict[str, np.ndarray]:
    """History of three flows that follow ``ds/dt = (R^2 E tanh(s + h + R z) - s)/2``, a step being `rate` of time."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    z, mass = 8 * nodes, 8 * weights * norm.pdf(8 * nodes)
    r, h = target.separation, 0.5 * math.log(target.weight / (1 - target.weight))
    run = solve_ivp(
        lambda t, s: 0.5 * (r * r * (mass @ np.tanh(s[0] + h + r * z)) - s), (0, 60), [start],
        t_eval=np.arange(0, 60, rate), rtol=1e-10, atol=1e-10,
    )  # fmt: skip
    means = run.y[0][:, None] * np.array([1.0, -1.0, 1.0])  # flows may end in either mode
    return {"step": np.arange(len(run.t))[:, None] * np.ones(3), "m1": means + 0.4, "m2": means - 0.4}


@pytest.mark.parametrize(("target", "start"), [(TARGET, 0.0), (BimodalTarget(3, "0.5"), 0.3)])
def test_the_clock_is_the_time_of_a_step(target, start):
    """Linear interpolation over steps of 0.25 leaves an error below 2e-3 of the clock."""
    assert time_per_step(aligned(target, start, 0.25), target) == pytest.approx(0.25, rel=2e-3)


def test_flows_that_reach_no_mode_give_no_clock():
    history = {name: values[:5] for name, values in aligned(TARGET, 0.0, 0.25).items()}
    with pytest.raises(SolveError, match="does not reach"):
        time_per_step(history, TARGET)
    with pytest.raises(SolveError, match="starts above"):
        time_per_step({name: values[60:] for name, values in aligned(TARGET, 0.0, 0.25).items()}, TARGET)
    with pytest.raises(NoCollapsedState):
        time_per_step(history, BimodalTarget(1, "0.5"))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ({"initial_temperature": 1.2}, "initial_temperature"),
        ({"cooling_share": 1.0}, "cooling_share"),
        ({"false_alarm": 0.0}, "false_alarm"),
        ({"checkpoint_every": 9}, "checkpoint_every"),
        ({"checkpoint": "/none/here/rows"}, "^checkpoint must be a file in a folder that exists"),
        ({"record_every": 5}, "record_every"),
        ({"steps": 20}, "^steps must be enough"),
        ({"batch_size": 1}, "batch_size"),
    ],
)
def test_bad_arguments_are_named_before_the_training(words, named):
    with pytest.raises(DomainError, match=named):
        compare_flow_baselines(TARGET, **(SMALL | words))


@pytest.mark.parametrize(
    ("option", "named"),
    [
        ("--decay-time 100", "schedule"),
        ("--unannealed", "unannealed"),
        ("--checkpoint-every 9", "checkpoint-every"),
        ("--clock flow", "clock"),
        ("--record-every 7", "record-every"),
    ],
)
def test_options_of_one_schedule_are_refused(capsys, option, named):
    assert named in refused(capsys, [*LINE.split(), *option.split()])
