"""Frozen results turn into plain data and datasets."""

import dataclasses
import json
import math
from decimal import Decimal
from fractions import Fraction

import flint
import mpmath as mp
import numpy as np
import pytest
import xarray
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError
from anneal_theory.numerals import mpf_text, read_mpf
from anneal_theory.precision import flint_precision
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.results import Ball, Estimate, Outcomes, Trajectory, plain
from anneal_theory.schedules import Exponential, Piecewise

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
        "log_error": "inf", "log_complement_error": 0, "digits": None, "work": None,
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
    assert Ball(mp.mpf("0.375"), mp.mpf(0)).to_dict() == {"midpoint": "0.375", "radius": "0", "own_radius": "0.0"}


mpfs = st.builds(
    lambda mantissa, exponent: mp.mp.make_mpf(mp.libmp.from_man_exp(mantissa, exponent)),
    st.integers(-(2**400), 2**400) | st.sampled_from([1, 3, -(2**60) - 1, 2**2000 - 1]),
    st.integers(-(10**7), 10**7) | st.integers(-400, 400),
)
numbers = st.floats(allow_nan=False) | mpfs | st.sampled_from([mp.inf, -mp.inf])


@given(mpfs)
def test_an_mpf_reads_back_from_its_decimal_whatever_the_global_precision(number):
    with mp.workdps(5):
        assert read_mpf(json.loads(json.dumps(mpf_text(number)))) == number


@given(numbers, numbers, numbers, st.none() | numbers, st.none() | st.integers(1, 99))
def test_an_estimate_reads_back_equal(value, error, log_value, log_complement, digits):
    estimate = Estimate(value, error, log_value, "exact", log_complement, "a note", 0.5, error, digits)
    again = Estimate.from_dict(json.loads(json.dumps(estimate.to_dict(), allow_nan=False)))
    assert again == estimate
    assert again.to_dict() == estimate.to_dict()


@given(mpfs, mpfs.map(abs))
def test_a_ball_reads_back_equal_and_its_text_encloses_it(midpoint, radius):
    ball = Ball(midpoint, radius)
    data = json.loads(json.dumps(ball.to_dict()))
    assert Ball.from_dict(data) == ball
    with flint_precision(3000):
        middle, shown = flint.arb(data["midpoint"]), flint.arb(data["radius"])
        true, own = (flint.arb((int(x.man) * (-1) ** int(x < 0), int(x.exp))) for x in (midpoint, radius))
        assert not shown < abs(middle - true) + own
        assert shown <= 2 * own + abs(true) * flint.arb("1e-18")


def test_the_text_of_a_tiny_ball_takes_work_in_its_digits_and_not_in_its_exponent(monkeypatch):
    """Exact fractions near 10^(-10^6) have millions of digits: none is made."""
    ball = Ball(mp.mpf(10) ** (-(10**6)) / 3, mp.mpf(10) ** (-(10**6) - 20))
    monkeypatch.setattr("anneal_theory.exact.Fraction", None)
    monkeypatch.setattr("anneal_theory.numerals.Fraction", None)
    middle, radius = str(ball).split(" +/- ")
    assert middle.startswith("3.33333333333333")
    assert middle.endswith("e-1000001")
    assert radius.endswith("E-1000020")


@pytest.mark.parametrize(
    "data",
    [
        {}, {"value": 1}, {"value": "much", "error": 0, "log_value": 0, "method": "exact"},
        {"value": True, "error": 0, "log_value": 0, "method": "exact"},
        {"value": 1, "error": 0, "log_value": 0, "method": "exact", "colour": "red"},
    ],
)  # fmt: skip
def test_what_is_no_saved_estimate_is_refused(data):
    with pytest.raises(DomainError):
        Estimate.from_dict(data)


@pytest.mark.parametrize("data", [{}, {"midpoint": "1"}, {"midpoint": "1", "radius": "0", "own_radius": "x"}])
def test_what_is_no_saved_ball_is_refused(data):
    with pytest.raises(DomainError):
        Ball.from_dict(data)


@given(st.floats(1e-300, 1), st.floats(0, 0.999))
def test_the_error_of_a_logarithm_is_that_of_the_value_towards_zero(value, share):
    estimate = Estimate(value, share * value, math.log(value), "simulated")
    assert estimate.log_error == pytest.approx(math.log(value) - math.log(value - share * value), rel=1e-9, abs=1e-12)


def test_a_value_that_may_be_zero_has_a_logarithm_of_unbounded_error():
    assert Estimate(0.0, 0.001, -math.inf, "simulated", log_complement=0.0).log_error == math.inf
    assert Estimate(0.0, 0.0, -math.inf, "exact").log_error == 0


SETTINGS = [
    BimodalTarget("1/3", "0.1234567890123456789012345678901234567891"),
    GaussianInit(7, "0.3333333333333333333333333333333333333333"),
    SphereInit(512),
    Dynamics(metric="natural", family_weight="2/7"),
    Dynamics("free-energy", constraint="sphere", variance="trained"),
    Exponential("12.000000000000000000000000000001", Fraction(10, 3)),
    Piecewise([0, "1/3", 2], ["3.1", "1.00000000000000000000000000000000000001", 1]),
]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: type(setting).__name__)
def test_the_text_of_a_setting_makes_an_equal_one(setting):
    assert eval(repr(setting)) == setting


@pytest.mark.parametrize("schedule", SETTINGS[5:], ids=lambda setting: type(setting).__name__)
def test_the_plain_data_of_a_schedule_make_an_equal_one(schedule):
    data = json.loads(json.dumps(schedule.to_dict()))
    assert type(schedule)(**{name: value for name, value in data.items() if name != "kind"}) == schedule


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


@pytest.mark.parametrize("result", [TRAJECTORY, OUTCOMES], ids=["trajectory", "outcomes"])
def test_a_netcdf_file_and_a_data_frame_keep_what_a_dataset_holds(result, tmp_path):
    data = result.to_xarray()
    data.to_netcdf(tmp_path / "x.nc", engine="scipy")
    read = xarray.load_dataset(tmp_path / "x.nc", engine="scipy")
    assert read.equals(data)
    assert read.attrs == data.attrs
    frame = data.to_dataframe()
    for name, variable in data.data_vars.items():
        values, _ = xarray.broadcast(variable, data)
        shown = values.transpose(*frame.index.names).values.ravel() if values.ndim > 1 else values.values
        assert (frame[name].to_numpy() == shown).all(), name


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


NUMBERS = st.floats(allow_nan=True)  # every double, infinities and nan too


@given(replicas=st.integers(1, 4), records=st.integers(0, 3), data=st.data())
def test_outcomes_and_trajectories_read_back_equal_in_every_bit(replicas, records, data):
    row = data.draw(st.lists(NUMBERS, min_size=replicas, max_size=replicas))
    truths = data.draw(st.lists(st.booleans(), min_size=replicas, max_size=replicas))
    values, table = np.array(row), np.tile(row, (records, 1))
    history = {"m1": table} if records else {}
    found = Outcomes(np.array(truths), values, {"m1": values}, {"dim": 3}, history, ~np.array(truths))
    back = Outcomes.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    run = Trajectory(values, {"m1": values, "gram": np.tile(values[:, None, None], (1, 2, 2))}, values, "finished", "")
    again = Trajectory.from_dict(json.loads(json.dumps(run.to_dict(), allow_nan=False)))
    pairs = [(getattr(found, name), getattr(back, name)) for name in ("collapsed", "undecided", "mode_weight")]
    pairs += [(found.statistics["m1"], back.statistics["m1"]), (run.times, again.times)]
    pairs += [(found.history[name], back.history[name]) for name in found.history]
    pairs += [(run.statistics[name], again.statistics[name]) for name in run.statistics]
    for there, here in pairs:
        assert here.dtype == there.dtype
        np.testing.assert_array_equal(here, there)
    assert back.to_dict() == found.to_dict()
    assert again.to_dict() == run.to_dict()


@pytest.mark.parametrize(
    "changed",
    [
        {"collapsed": [True]}, {"collapsed": "yes"}, {"mode_weight": [1, 2, "x"]}, {"statistics": [1]},
        {"statistics": {"m1": [1, 2]}}, {"history": {"m1": 3}}, {"count": 1}, {"replicas": 4}, {"colour": "red"},
        {"mode_weight": [[1], [1, 2], 3]}, {"collapsed": None},
    ],
)  # fmt: skip
def test_what_are_no_saved_outcomes_are_refused(changed):
    with pytest.raises(DomainError):
        Outcomes.from_dict(OUTCOMES.to_dict() | changed)


@pytest.mark.parametrize("changed", [{"times": 1}, {"statistics": {"m1": "x"}}, {"colour": "red"}, {"temperature": []}])
def test_what_is_no_saved_trajectory_is_refused(changed):
    with pytest.raises(DomainError):
        Trajectory.from_dict(TRAJECTORY.to_dict() | changed)


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
        (Fraction(4, 5), 0.8),
        (mp.mpf(1) / 3, "0.33333333333333331483"),
        (Ball(mp.mpf(1), mp.mpf(0)), {"midpoint": "1.0", "radius": "0", "own_radius": "0.0"}),
    ],
)
def test_plain_data_have_a_form_in_json(value, data):
    assert plain(value) == data
    json.dumps(plain(value), allow_nan=False)


def test_results_with_arrays_have_short_reprs_and_estimates_a_table_for_notebooks():
    assert repr(TRAJECTORY).startswith(f"Trajectory({TRAJECTORY.times.size} times from ")
    assert repr(OUTCOMES).startswith(f"Outcomes({OUTCOMES.count} of {OUTCOMES.decided} collapsed")
    table = Estimate(0.25, 1e-3, -1.386, "exact", note="R < R_c")._repr_html_()
    assert "<td>0.25</td>" in table
    assert "R &lt; R_c" in table
