"""Records of a mixture with noise of their own tell the mixture; those of flows tell how far they follow one."""

import math

import numpy as np
import pytest
from scipy.stats import norm, t

import anneal_theory as at
from anneal_theory.design import calibrate_flow
from tests.budgets import FALSE_ALARM

TARGET = at.BimodalTarget(3, "0.8")
PILOT = {"replicas": 40, "seed": 3, "most_undecided": 1, "end_time": 15}


def measured(history, dim, samples, seed):
    """Records of the means as if each were measured on half of so many samples."""
    (m1, m2, s11, s12, s22), radius = (history[name] for name in ("m1", "m2", "s11", "s12", "s22")), 3.0
    means = np.zeros((2, *m1.shape, dim))
    means[0, ..., 0], means[1, ..., 0] = m1 / radius, m2 / radius
    means[0, ..., 1] = np.sqrt(s11 - (m1 / radius) ** 2)
    means[1, ..., 1] = (s12 - m1 * m2 / radius**2) / means[0, ..., 1]
    means[1, ..., 2] = np.sqrt(np.maximum(s22 - (m2 / radius) ** 2 - means[1, ..., 1] ** 2, 0))
    means += math.sqrt(2 / samples) * np.random.default_rng(seed).normal(size=means.shape)
    products = {f"s{i + 1}{j + 1}": (means[i] * means[j]).sum(-1) for i, j in ((0, 0), (0, 1), (1, 1))}
    return history | {"m1": radius * means[0, ..., 0], "m2": radius * means[1, ..., 0]} | products


@pytest.mark.slow
@pytest.mark.parametrize(
    ("schedule", "init", "batch", "every", "samples"),
    [
        (at.Constant(1), at.GaussianInit(16), 60, 1, 2000),
        (at.Exponential(6, 2), at.GaussianInit(64, variance="0.05"), 20, 5, 10_000),
    ],
)
def test_a_mixture_is_recovered_from_noisy_records(schedule, init, batch, every, samples):
    """Six numbers within the reach of their errors, which are of 40 runs: Student's, to miss one once in 1e9.

    What is seen: an eighth of the step at most, and the factors that the reach makes of the other errors.
    """
    run = at.train_mixture(TARGET, schedule, init, record_every=every, batch_size=batch, step_size=0.05, **PILOT)
    found = calibrate_flow(
        TARGET, measured(dict(run.history), init.dim, samples, 1), dim=init.dim, memory=1, record_samples=samples
    )
    reach = t.isf(FALSE_ALARM / 12, 39)
    assert abs(found.step_size - 0.05) < reach * found.step_size_error < 0.05 / 8
    assert abs(found.batch_size - batch) < reach * found.batch_size_error
    assert abs(found.init.variance - init.variance) < reach * found.variance_error
    assert found.batch_size_error < batch / 4
    assert found.variance_error < init.variance / 4
    assert abs(found.centre_ratio - 1) < reach * found.centre_ratio_error
    assert abs(found.directions - init.dim) < reach * found.directions_error
    assert found.record_deviation == pytest.approx(3 / math.sqrt(samples), rel=0.2)  # of a mean of all samples
    assert found.p_value > FALSE_ALARM
    assert found.misfit < 0.1
    assert [one.first_step for one in found.stretches[1:]] == [one.last_step for one in found.stretches[:-1]]


def at_rest(values, record):
    """The same of every record."""
    return np.broadcast_to(values[record], values.shape)


def in_one_run(name, values):
    """What moves in the first run alone."""
    if name in ("step", "temperature"):
        return values
    return np.concatenate([values[:, :1], at_rest(values, 0)[:, 1:]], axis=1)


@pytest.fixture(scope="module")
def record():
    """Of a training whose records are exact."""
    run = at.train_mixture(TARGET, at.Constant(1), at.GaussianInit(16), record_every=1, batch_size=60, **PILOT)
    return dict(run.history)


@pytest.mark.slow
def test_exact_records_tell_what_calibrate_training_finds(record):
    """Another route to the same numbers: single steps, whose noise is all that is left over."""
    found, other = calibrate_flow(TARGET, record, dim=16, memory=1), at.calibrate_training(TARGET, record, dim=16)
    reach = norm.isf(FALSE_ALARM / 6)
    for name in ("step_size", "batch_size"):
        own, its = getattr(found, f"{name}_error"), getattr(other, f"{name}_error")
        assert abs(getattr(found, name) - getattr(other, name)) < reach * math.hypot(own, its)
    assert found.record_deviation < 0.02  # 0 but for what the fit leaves: a hundredth of a separation would be 0.03
    assert set(found.noise) == {"batch_size", "step_size", "gradient"}
    assert at.noisy_collapse_probability(TARGET, at.Hold(8, 20), found.init, method="leading-order", **found.noise)


def test_time_that_passes_unevenly_is_told(record):
    """Every second record of the second half alone: time passes twice as fast there, which is no refusal."""
    late = slice(20, None, 2)
    uneven = {name: np.concatenate([one[:20], one[late]]) for name, one in record.items()}
    count = len(uneven["m1"])
    uneven["step"] = np.broadcast_to(np.arange(count, dtype=float)[:, None], uneven["m1"].shape)
    found = calibrate_flow(TARGET, uneven, dim=16, memory=1)
    reach, steps = t.isf(FALSE_ALARM / 6, 39), [one.step_size for one in found.stretches]
    assert found.p_value < FALSE_ALARM
    assert steps[0] < 0.1 - reach * found.stretches[0].step_size_error
    for one in found.stretches[1:]:
        assert abs(one.step_size - 0.1) < reach * one.step_size_error < 0.01
    assert found.misfit == pytest.approx(np.sqrt(np.mean((np.array(steps) / found.step_size - 1) ** 2)))


@pytest.mark.slow
def test_records_without_growing_noise_are_designed_for_without_noise(record):
    """The same path for all runs, and noise of the records alone: nothing grows."""
    alike = {name: np.repeat(one[:, :1], 40, axis=1) for name, one in record.items()}
    rng = np.random.default_rng(0)
    shift = 0.05 * rng.normal(size=alike["m1"].shape)
    alike |= {"m1": alike["m1"] + shift, "m2": alike["m2"] + shift}
    alike["s11"], alike["s22"] = alike["s11"] + 1, alike["s22"] + 1 + 0.1 * rng.random(40)
    found = calibrate_flow(TARGET, alike, dim=16, memory=1)
    if math.isinf(found.batch_size):
        assert found.noise == {}
    else:
        assert found.batch_size_error > found.batch_size / 10
    assert found.record_deviation == pytest.approx(0.05, rel=0.2)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda rows: {name: one for name, one in rows.items() if name != "s12"}, "add s12"),
        (lambda rows: {name: one[:6] for name, one in rows.items()}, "of at least 8 records, for a memory of 1"),
        (lambda rows: {name: one[:, :3] for name, one in rows.items()}, "train more replicas"),
        (lambda rows: rows | {"step": rows["step"] ** 2}, "at even distances"),
        (lambda rows: rows | {"step": rows["step"] + 1}, "from 0 on"),
        (lambda rows: rows | {"temperature": 0.5 * rows["temperature"]}, "of temperatures of at least 1"),
        (lambda rows: {name: one if name == "step" else one[::-1] for name, one in rows.items()}, "as the means of a"),
        (lambda rows: rows | {"s12": (rows["s11"] + rows["s22"]) / 2 + 9}, "at least as long as their overlaps"),
        (lambda rows: {name: np.repeat(one[:, :1], 40, axis=1) for name, one in rows.items()}, "with the error 0"),
        (lambda rows: {name: np.tile(one[:, :2], (1, 2)) for name, one in rows.items()}, "of independent runs"),
        (lambda rows: {name: one if name == "step" else at_rest(one, 0) for name, one in rows.items()}, "at rest"),
        (lambda rows: {name: one if name == "step" else at_rest(one, -1) for name, one in rows.items()}, "at rest"),
        (lambda rows: rows | {name: 1e100 * rows[name] for name in ("m1", "m2")}, r"of numbers up to 1e\+30"),
        (lambda rows: {name: in_one_run(name, one) for name, one in rows.items()}, "as the means of a mixture would"),
        (lambda _: None, "history must be a mapping of names to arrays, but was None; give the history of"),
    ],
)
def test_a_record_that_tells_too_little_is_refused(record, change, told):
    with pytest.raises(at.DomainError, match=told):
        calibrate_flow(TARGET, change(record), dim=16, memory=1)


def test_a_start_that_sampling_explains_is_refused(record):
    with pytest.raises(at.DomainError, match="further apart than sampling puts them"):
        calibrate_flow(TARGET, record, dim=16, memory=1, record_samples=2)


def test_more_memory_needs_a_longer_record(record):
    with pytest.raises(at.DomainError, match="of at least 800 records, for a memory of 100"):
        calibrate_flow(TARGET, record, dim=16, memory=100)


@pytest.mark.slow
def test_flows_at_one_temperature_have_a_mixtures_time():
    """Small flows without annealing, by shifts: the time of a step is that of one crossing, to a third.

    Both are of the same runs; the third is what the two definitions may differ by for flows, which follow no mixture.
    """
    from anneal_theory.compare import time_per_step

    words = {"dim": 4, "replicas": 12, "steps": 80, "step_size": 0.005, "batch_size": 64, "couplings": 2}
    words |= {"hidden": (16,), "record_every": 2, "record_samples": 500, "most_undecided": 1, "evaluation_samples": 2}
    run = at.train_realnvp(TARGET, at.Constant(1), halves="shifts", **words)
    found = calibrate_flow(TARGET, run.history, dim=4)
    assert found.step_size == pytest.approx(time_per_step(run.history, TARGET), rel=1 / 3)
    assert found.to_dict()["stretches"][0]["first_step"] == 0


@pytest.mark.slow
def test_a_start_across_the_axis_alone_tells_no_number_of_directions(record):
    """Delta across mu* in every run: no share along it, with sampling or without."""
    rows = {name: one.copy() for name, one in record.items()}
    rows["m1"][0] = rows["m2"][0] = 0.0
    for samples in (None, 10_000):
        found = calibrate_flow(TARGET, rows, dim=16, memory=1, record_samples=samples)
        assert (found.directions, found.directions_error) == (math.inf, math.inf)
        assert "directions" in repr(found)
