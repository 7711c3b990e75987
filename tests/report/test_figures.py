"""Figures draw all that they are given, or say why not."""

import numpy as np
import pytest

from anneal_theory import plots
from anneal_theory.errors import DomainError
from anneal_theory.results import Outcomes, Trajectory

TIMES = np.array([100.0, 1000.0, 10000.0])
AXIS = plots.MapAxis("time", TIMES)


def run_of(times, runs=None):
    times = np.asarray(times, dtype=float)
    shape = times.shape if runs is None else (*times.shape, runs)
    ones = {name: np.ones(shape) for name in ("m1", "m2")}
    return Trajectory(times, ones, np.ones(times.size), "finished", "It ended.")


def groups(ways, members, points=3):
    return {
        f"way {k}": {1.0 + temperature: (1.0 + k + temperature) * np.ones(points) for temperature in range(members)}
        for k in range(ways)
    }


def drawn(figure) -> list:
    """The drawn lines with data, by what tells them apart, and whether anything of them can be seen."""
    lines = [line for line in figure.axes[0].get_lines() if np.size(line.get_xdata())]
    for line in lines:
        assert np.size(line.get_xdata()) > 1 or line.get_marker() not in (None, "None", "")
    return [(line.get_color(), str(line._unscaled_dash_pattern), line.get_marker()) for line in lines]


@pytest.mark.parametrize("points", [1, 3])
@pytest.mark.parametrize(("ways", "members"), [(1, 1), (5, 2), (7, 7)])
def test_every_line_of_a_slow_figure_is_drawn_and_can_be_told_from_the_others(ways, members, points):
    for figure in (
        plots.slow_figure(TIMES[:points], groups(ways, members, points), "Threshold", "rho"),
        plots.cost_figure(TIMES[:points], groups(ways, members, points), "Cost"),
    ):
        lines = drawn(figure)
        assert len(lines) == len(set(lines)) == ways * members
        assert len(figure.axes[0].get_legend().get_texts()) == ways + members


@pytest.mark.parametrize("count", [1, 5, 7])
def test_every_curve_is_drawn_and_can_be_told_from_the_others(count):
    curves = {f"curve {k}": np.full(3, 0.1 + 0.1 * k) for k in range(count)}
    assert len(set(drawn(plots.probability_figure(TIMES, curves, "P")))) == count
    assert len(set(drawn(plots.error_figure(TIMES, curves, -0.5, "Error")))) == count + 1  # and the power
    runs = {name: run_of([1, 2]) for name in curves}
    assert len(set(drawn(plots.plane_figure(runs, 3.0, "Runs")))) >= count
    runs = {name: (TIMES, np.ones((1, 3))) for name in curves}
    assert len({line[:2] for line in drawn(plots.weight_figure(runs, 0.8, "Weights"))}) >= count


def test_one_point_is_drawn():
    one = TIMES[:1]
    drawn(plots.probability_figure(one, {"a": np.full(1, 0.5)}, "P"))
    assert plots.svg(plots.overlap_figure(run_of([0, 1]), 3.0, "Run")).startswith("<?xml")


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.slow_figure(TIMES, groups(8, 1), "T", "y"),
        lambda: plots.slow_figure(TIMES, groups(1, 8), "T", "y"),
        lambda: plots.slow_figure(TIMES, {}, "T", "y"),
        lambda: plots.slow_figure(TIMES, {"a": {}}, "T", "y"),
        lambda: plots.slow_figure(TIMES[:0], groups(1, 1, 0), "T", "y"),
        lambda: plots.slow_figure(TIMES, {"a": {1.0: TIMES}, "b": {2.0: TIMES}}, "T", "y"),
        lambda: plots.cost_figure(TIMES, groups(8, 1), "T"),
        lambda: plots.cost_figure(TIMES, {}, "T"),
        lambda: plots.cost_figure(TIMES[:0], groups(1, 1, 0), "T"),
        lambda: plots.error_figure(TIMES, {}, -0.5, "T"),
        lambda: plots.error_figure(TIMES[:1], {"a": TIMES[:1]}, -0.5, "T"),
        lambda: plots.error_figure(TIMES, {str(k): TIMES for k in range(8)}, -0.5, "T"),
        lambda: plots.probability_figure(TIMES, {}, "T"),
        lambda: plots.probability_figure(TIMES[:0], {"a": TIMES[:0]}, "T"),
        lambda: plots.probability_figure(TIMES, {str(k): TIMES for k in range(8)}, "T"),
        lambda: plots.map_figure(AXIS, plots.MapAxis("y", TIMES[:1]), np.ones((1, 3)), "T"),
        lambda: plots.map_figure(plots.MapAxis("x", TIMES[:0]), AXIS, np.ones((3, 0)), "T"),
        lambda: plots.map_figure(AXIS, AXIS, np.full((3, 3), np.nan), "T"),
        lambda: plots.plane_figure({}, 3.0, "T"),
        lambda: plots.plane_figure({"a": run_of([])}, 3.0, "T"),
        lambda: plots.overlap_figure(run_of([]), 3.0, "T"),
        lambda: plots.overlap_figure(run_of([0]), 3.0, "T"),
        lambda: plots.training_figure(outcomes(1), run_of([0], 2), 3.0, "T"),
        lambda: plots.training_figure(outcomes(2), run_of([0, 1], 0), 3.0, "T"),
        lambda: plots.weight_figure({}, 0.8, "T"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw):
    with pytest.raises(DomainError, match="must be"):
        draw()


def outcomes(records):
    curves = {name: np.ones((records, 2)) for name in ("m1", "m2")}
    return Outcomes(np.zeros(2, dtype=bool), np.ones(2), history=curves)


TWO = TIMES[:2]  # one value too few
FRAME = plots.DensityFrame("at rest", np.eye(2))
TRAINED = Outcomes(np.ones(2, dtype=bool), np.ones(2), history={name: np.ones((3, 2)) for name in ("m1", "m2")})
SHORT_RUN = Trajectory(TIMES, {"m1": TWO, "m2": TIMES}, TIMES, "finished", "")


@pytest.mark.parametrize(
    ("draw", "named"),
    [
        (lambda: plots.slow_figure(TIMES, {"a": {2.0: TWO}}, "T", "y"), r"groups\['a'\]\[2.0\]"),
        (lambda: plots.cost_figure(TIMES, {"a": {0.1: TWO}}, "T"), r"groups\['a'\]\[0.1\]"),
        (lambda: plots.error_figure(TIMES, {"a": TWO}, -0.5, "T"), r"errors\['a'\]"),
        (lambda: plots.probability_figure(TIMES, {"a": TWO}, "T"), r"curves\['a'\]"),
        (lambda: plots.density_figure(3.0, 0.8, {"a": [FRAME] * 2, "b": [FRAME]}, "T"), r"runs\['b'\]"),
        (lambda: plots.map_figure(AXIS, AXIS, np.ones((3, 2)), "T"), r"probabilities\[0\]"),
        (lambda: plots.map_figure(AXIS, AXIS, np.ones((2, 3)), "T"), "probabilities"),
        (lambda: plots.overlap_figure(SHORT_RUN, 3.0, "T"), "run"),
        (lambda: plots.plane_figure({"a": SHORT_RUN}, 3.0, "T"), r"runs\['a'\]"),
        (lambda: plots.overlap_figure(Trajectory(TIMES, {"s": TIMES}, TIMES, "finished", ""), 3.0, "T"), "run"),
        (lambda: plots.training_figure(TRAINED, run_of([0, 1, 2, 3], 2), 3.0, "T"), "trained"),
        (lambda: plots.training_figure(TRAINED, run_of([0, 1, 2], 3), 3.0, "T"), "trained"),
        (lambda: plots.training_figure(TRAINED, Trajectory(TIMES, {}, TIMES, "finished", ""), 3.0, "T"), "flows"),
    ],
)
def test_series_of_other_lengths_than_their_axis_are_refused_by_name(draw, named):
    with pytest.raises(DomainError, match=f"^{named}.* must be "):
        draw()


def test_more_trained_replicas_than_flows_are_fine():
    plots.training_figure(TRAINED, run_of([0, 1, 2], 1), 3.0, "T")
