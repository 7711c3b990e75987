"""Frozen results turn into plain data and datasets."""

import dataclasses
import json
from decimal import Decimal
from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest

from anneal_theory.results import Ball, Estimate, Outcomes, Trajectory, plain

TRAJECTORY = Trajectory(
    times=np.array([0.0, 1.0]),
    statistics={"m1": np.array([1.0, 2.0]), "gram": np.ones((2, 3, 3))},
    temperature=np.array([10.0, 1.0]),
    status="event",
    message="The second mean crosses.",
    events={"crossing": [0.5]},
)
OUTCOMES = Outcomes(
    collapsed=np.array([True, False, True]),
    mode_weight=np.array([1.0, 0.8, 0.99]),
    statistics={"m1": np.array([9.0, 9.1, 8.9])},
    settings={"dim": 8, "seed": np.int64(3)},
    history={"loss": np.zeros((5, 3))},
)


def test_an_estimate_is_a_number_with_its_error_as_plain_data():
    estimate = Estimate(0.0, 0.0, -1000.0, "exact", log_complement=-0.0)
    data = json.loads(json.dumps(estimate.to_dict()))
    assert data == {
        "value": 0, "error": 0, "log_value": -1000, "method": "exact", "log_complement": 0, "note": "",
    }  # fmt: skip
    assert float(Estimate(0.25, 0.1, np.log(0.25), "simulated")) == 0.25


def test_results_cannot_be_changed():
    for result, name in ((Estimate(1.0, 0.0, 0.0, "exact"), "value"), (TRAJECTORY, "status"), (OUTCOMES, "collapsed")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(result, name, None)


@pytest.mark.parametrize("digits", [5, 15, 50, 1000, 6000])
def test_a_ball_as_plain_data_still_encloses_it(digits):
    with mp.workdps(digits):
        ball = Ball(mp.mpf(1) / 3, mp.mpf(10) ** -digits)
    data = json.loads(json.dumps(ball.to_dict()))
    middle, radius = Fraction(Decimal(data["midpoint"])), Fraction(Decimal(data["radius"]))
    sign, mantissa, exponent, _ = ball.midpoint._mpf_
    true = Fraction(int(mantissa)) * Fraction(2) ** exponent * (-1) ** sign
    assert abs(middle - true) <= radius
    assert radius < 2 * Fraction(1, 10**digits) + Fraction(1, 10**19)
    assert (ball.value, ball.error) == (ball.midpoint, ball.radius)


def test_an_exact_ball_spells_its_midpoint_exactly():
    assert Ball(mp.mpf("0.375"), mp.mpf(0)).to_dict() == {"midpoint": "0.375", "radius": "0"}


def test_a_trajectory_gives_its_statistics_by_name_and_its_end():
    assert TRAJECTORY["m1"].tolist() == [1, 2]
    assert TRAJECTORY.final["m1"] == 2
    assert TRAJECTORY.final["gram"].shape == (3, 3)


def test_a_trajectory_is_plain_data():
    data = json.loads(json.dumps(TRAJECTORY.to_dict()))
    assert data["times"] == [0, 1]
    assert data["statistics"]["m1"] == [1, 2]
    assert data["events"] == {"crossing": [0.5]}
    assert (data["status"], data["message"]) == ("event", "The second mean crosses.")


def test_a_trajectory_is_a_dataset_over_time():
    data = TRAJECTORY.to_xarray()
    assert data["m1"].dims == ("time",)
    assert data["gram"].shape == (2, 3, 3)
    assert float(data["temperature"].sel(time=1.0)) == 1
    assert data.attrs["status"] == "event"


def test_outcomes_count_themselves():
    assert (OUTCOMES.count, OUTCOMES.replicas) == (2, 3)
    assert OUTCOMES.fraction == 2 / 3


def test_outcomes_are_plain_data_and_a_dataset_over_replicas():
    data = json.loads(json.dumps(OUTCOMES.to_dict()))
    assert (data["count"], data["replicas"], data["collapsed"]) == (2, 3, [True, False, True])
    assert data["settings"] == {"dim": 8, "seed": 3}
    dataset = OUTCOMES.to_xarray()
    assert dataset["m1"].dims == ("replica",)
    assert dataset["history_loss"].dims == ("record", "replica")
    assert json.loads(dataset.attrs["settings"]) == {"dim": 8, "seed": 3}


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (float("inf"), "inf"),
        (np.float64("nan"), "nan"),
        (np.bool_(True), True),
        (np.int32(4), 4),
        ((1, None, "a"), [1, None, "a"]),
        ({1: np.array([1.5])}, {"1": [1.5]}),
        (Fraction(1, 3), "1/3"),
    ],
)
def test_plain_data_have_a_form_in_json(value, data):
    assert plain(value) == data
    json.dumps(plain(value), allow_nan=False)
