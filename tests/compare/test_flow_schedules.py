"""The stored flows of `docs.studies.flow_schedules` are those of its cells, and its tables show them."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from anneal_theory.schedules import Constant
from docs.studies import flow_cells, flow_memory, flow_tables, flow_targets, flow_zuko
from docs.studies import flow_schedules as study

torch = pytest.importorskip("torch", reason="torch comes with the extras train and test")


def cells():
    return {cell.key: cell for cell in flow_cells.cells()}


def by_pilots(name):
    """Whether trainings or searches find the schedule of a way."""
    return name.startswith((*flow_cells.BY_PILOTS, "designed"))


def test_every_cell_is_stored_with_the_schedule_that_it_has_now():
    known = cells()
    found = {tuple(row[name] for name in study.KEY): row for row in study.stored()["cells"]}
    assert set(found) == set(known)
    for key, row in found.items():
        if not by_pilots(key[1]):
            assert repr(known[key].rule()) == row["schedule"]


def test_no_flow_is_left_out_of_the_counts():
    known = cells()
    for row in study.stored()["cells"]:
        key = tuple(row[name] for name in study.KEY)
        assert row["decided"] + row["undecided"] == known[key].options["replicas"]
        assert row["collapsed"] <= row["decided"]


def test_the_other_targets_are_all_stored():
    rows = study.stored()["targets"]
    assert [(row["target"], row["dim"], row["name"]) for row in rows] == flow_targets.cells()
    for row in rows:
        assert row["lost"] == sum(one > 0 for one in row["modes_lost"])
        assert row["flows"] == len(row["modes_lost"])
        if not by_pilots(row["name"]):
            assert repr(flow_targets.ways(row["target"], row["dim"])[row["name"]]()) == row["schedule"]


def test_the_flows_of_zuko_are_all_stored():
    rows = study.stored()["zuko"]
    assert [(row["target"], row["name"]) for row in rows] == flow_zuko.cells()
    for row in rows:
        assert row["lost"] == sum(one > 0 for one in row["modes_lost"])
        assert row["flows"] == len(row["modes_lost"])


def test_adaptive_rules_take_as_long_as_the_others():
    """The median flow is cold within a fifth of the steps that the others are given."""
    rows = [row for part in ("cells", "targets", "zuko") for row in study.stored()[part] if "cold_after" in row]
    assert len({row["name"] for row in rows}) >= 4
    for row in rows:
        size = "longest" if row.get("table") == "longest" else str(row.get("dim", flow_targets.DIM))
        cold = flow_cells.SETTINGS[size][1]
        assert row["cold_after"][1] == pytest.approx(cold, rel=0.2)


def test_held_flows_are_stored_with_what_was_measured():
    rows = study.stored()["memory"]
    assert [(row["hold"], row["reset"]) for row in rows] == flow_memory.cells()
    for row in rows:
        assert set(row["measured"]) == set(flow_memory.MEASURED)
        assert {len(row["collapsed"]), *map(len, row["measured"].values())} == {flow_cells.REPLICAS}


@pytest.mark.parametrize("steps", [0, 400])
def test_a_schedule_of_stretches_is_at_each_temperature_for_its_steps(steps):
    schedule = flow_cells.quenched(*([(steps, "8")] if steps else []), (300, "2"))
    assert schedule.temperature(steps + 150.0) == 2
    assert schedule.temperature(steps + 300.0) == 2
    assert schedule.temperature(steps + 300.0 + flow_cells.QUENCH) == 1
    if steps:
        assert schedule.temperature(float(steps)) == 8
        assert schedule.temperature(steps + 1.0) == 2


@pytest.mark.parametrize("dim", flow_targets.DIMS)
@pytest.mark.parametrize("target", flow_targets.TARGETS)
def test_a_target_is_the_mixture_that_is_said(target, dim):
    """Up to a constant, at points drawn from each of its modes, in single precision."""
    centres, weights, log_prob = flow_targets.TARGETS[target](dim)
    widths = np.ones((len(centres), dim))
    narrow = {"unequal covariances": 3, "slightly unequal covariances": 1.25, "hardly unequal covariances": 1.1}
    widths[1, 1:] = 1 / narrow.get(target, 1)
    base = np.random.default_rng(0).standard_normal((len(centres), 25, dim))
    points = centres.numpy()[:, None] + widths[:, None] * base
    parts = [
        math.log(weight) + norm.logpdf(points, centre, width).sum(axis=-1)
        for weight, centre, width in zip(weights, centres.numpy(), widths, strict=True)
    ]
    off = log_prob(torch.tensor(points)).numpy() - np.logaddexp.reduce(parts)
    np.testing.assert_allclose(off, off[0, 0], atol=2e-6 * dim)


def test_shares_of_modes_are_of_the_nearest_centre():
    run = flow_targets.training("four modes", 8, Constant(1), 0, 2, steps=1)
    shares = flow_targets.mode_shares(run, "four modes")
    assert shares.shape == (2, 4)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    np.testing.assert_allclose(shares, 0.25, atol=0.2)  # a flow next to the identity, whose quadrants are even


@pytest.mark.parametrize(
    ("part", "kept"), [("nothing", (True, True)), ("shifts", (False, True)), ("log-scales", (True, False))]
)
def test_a_reset_takes_shifts_or_log_scales_away(part, kept):
    """Without shifts the image of 0 stays 0; without log-scales volumes stay."""
    from anneal_theory.training.noise import Noise
    from anneal_theory.training.realnvp import RealNVP

    flow = RealNVP(4, Noise(0, 2), couplings=2, hidden=(8,))
    flow_memory.reset(flow, part)
    samples, log_det = flow(torch.zeros(2, 1, 4))
    assert (bool(samples.abs().max() > 0), bool(log_det.abs().max() > 0)) == kept


def test_rows_of_a_kind_follow_each_other_by_temperature():
    names = [
        "no annealing",
        "AdaAnn from 10",
        "T = 2, then 1",
        "AdaAnn from 3",
        "designed for a mixture: free",
        "T = 1.5, then 1",
    ]
    found = [row["name"] for row in flow_tables.alike([{"name": name} for name in names])]
    assert found == ["no annealing", "AdaAnn from 3", "AdaAnn from 10", "T = 1.5, then 1", "T = 2, then 1", names[4]]
