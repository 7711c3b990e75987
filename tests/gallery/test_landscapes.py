"""Runs over the loss, and the loss itself: what is drawn is what the package says of either model."""

import numpy as np
import pytest

import anneal_theory as at
from anneal_theory.fixed_points.information import label_information
from anneal_theory.fixed_points.pair import pair_loss
from anneal_theory.gallery import FigureSetting, draw_figure
from anneal_theory.gallery.landscape import loss_over_plane
from tests.gallery.test_gallery import PAPER, TARGET, lines, told

LEFT = 1e-8  # of R^2, of a run at its attractor: the local error of a step, since a rest forgets those before


@pytest.mark.slow
@pytest.mark.parametrize("constraint", ["free", "sphere"])
def test_runs_in_the_plane_leave_the_separatrix_on_either_side_and_end_at_attractors(monkeypatch, constraint):
    monkeypatch.setattr("anneal_theory.gallery.starts._CENTRES", 5)
    figure = draw_figure("plane", constraint=constraint)
    assert ("free means" if constraint == "free" else "means on the sphere") in told(figure)
    found = lines(figure.axes[0])
    rules = {} if constraint == "free" else {"constraint": "sphere", "variance": "trained"}
    places = [(one.m1, one.m2) for one in at.attractors(TARGET, **rules)]
    ends = {label: xy[-1] for label, xy in found.items() if "threshold" in label or "above" in label or "same" in label}
    assert len(ends) == 3
    for label, end in ends.items():
        nearest = min(np.abs(np.subtract(place, end)).max() for place in places)
        assert nearest < LEFT * 9, label
        assert (end.prod() < 0) == ("above" in label)
    drawn = {tuple(place) for label, xy in found.items() if "attractor" in label for place in xy}
    assert drawn == {place for m1, m2 in places for place in ((m1, m2), (m2, m1))}


@pytest.mark.slow
def test_the_separatrix_of_the_plane_is_the_threshold_of_either_model(monkeypatch):
    monkeypatch.setattr("anneal_theory.gallery.starts._CENTRES", 5)
    m1, m2 = lines(draw_figure("plane").axes[0])["separatrix of starts"].T
    middle = np.argmin(np.abs(m1 + m2))
    centre, gap = 0.5 * (m1 + m2)[middle], (m1 - m2)[middle]
    rho = at.collapse_threshold(TARGET, at.Exponential(10, 10), s0=float(centre), distance_squared=2).value
    assert gap == pytest.approx(3 * np.sqrt(2) * rho / np.hypot(1, rho), rel=1e-9)
    m1, m2 = lines(draw_figure("plane", constraint="sphere", initial_temperatures=[9], durations=[20]).axes[0])[
        "separatrix of starts"
    ].T
    centre = (m1 + m2) / (9 * np.sqrt(2))  # of means of length R at right angles, whose sum has length sqrt(2) R
    schedule = at.ExponentialToOne(9, duration=20)
    for y, gap in list(zip(centre, m1 - m2, strict=True))[1:-1]:
        x = at.collapse_threshold(TARGET, schedule, mean_cosine=float(y), **PAPER).value
        assert gap == pytest.approx(9 * np.sqrt(2) * x, rel=1e-6)


@pytest.mark.slow
def test_the_landscape_is_the_divergence_at_temperature_one_and_flat_at_every_attractor():
    free = FigureSetting()
    overlaps = np.array([-9.0, -3.0, 3.0, 9.0])
    losses = loss_over_plane(free, overlaps, 1.0)
    difference = pair_loss(TARGET, -9.0, 9.0, 0.5) - pair_loss(TARGET, 3.0, -3.0, 0.5)
    assert losses[3, 0] - losses[1, 2] == pytest.approx(difference, rel=1e-12)  # m2 down, m1 across
    assert losses.min() == 0
    for temperature in (1.0, 3.0):
        for point in at.attractors(TARGET, temperature=temperature):
            around = 1e-2 * np.arange(-1, 2)
            values = np.array([[_loss_at(point.m1 + a, point.m2 + b, temperature) for a in around] for b in around])
            assert values.argmin() == 4  # the middle
    figure = draw_figure("landscape", initial_temperatures=[1, 4])
    split = next(xy for label, xy in lines(figure.axes[0]).items() if label.startswith("split"))
    own = next((one.m1, one.m2) for one in at.attractors(TARGET) if not one.collapsed)
    assert own in {tuple(place) for place in split}


def _loss_at(m1, m2, temperature):
    """The tempered loss of an aligned pair."""
    information = label_information(abs(m1 - m2) / 3, 0.5)
    return (pair_loss(TARGET, m1, m2, 0.5) + information) / temperature - information


@pytest.mark.slow
@pytest.mark.parametrize("temperature", [1.0, 3.0, 8.0])
def test_the_landscape_of_the_sphere_has_its_minima_at_the_attractors(temperature):
    sphere = FigureSetting(constraint="sphere")
    points = at.attractors(TARGET, temperature=temperature, constraint="sphere", variance="trained")
    for point in points:
        angles = np.arccos(np.array([point.m1, point.m2]) / 9)
        for step in (1e-2, 3e-2):
            near = angles[:, None] + step * np.arange(-1, 2)
            kept = np.unique(9 * np.cos(np.clip(near, 0, np.pi)).ravel())
            losses = loss_over_plane(sphere, kept, temperature)
            around = [np.abs(kept - m).argmin() for m in (point.m1, point.m2)]
            own = losses[around[1], around[0]]
            beside = losses[max(around[1] - 1, 0) : around[1] + 2, max(around[0] - 1, 0) : around[0] + 2]
            assert own <= beside.min() + 1e-12, (point, step)


def test_the_landscape_of_the_sphere_is_the_divergence_of_its_attractors():
    points = at.attractors(TARGET, constraint="sphere", variance="trained")
    kept = np.unique([m for one in points for m in (one.m1, one.m2)])
    losses = loss_over_plane(FigureSetting(constraint="sphere"), kept, 1.0)
    found = [losses[np.searchsorted(kept, one.m2), np.searchsorted(kept, one.m1)] for one in points]
    least = min(one.loss for one in points)
    np.testing.assert_allclose(found, [one.loss - least for one in points], atol=2e-6)  # the cubic of the information
