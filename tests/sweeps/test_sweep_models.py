"""What the theory has is a sweep: rules of the variance, every method, the noise of training, starts on the sphere."""

import numpy as np
import pytest

import anneal_theory as at
from anneal_theory.cli.app import run
from anneal_theory.errors import DomainError
from anneal_theory.quantities import QUANTITIES

TARGET, COOLED = at.BimodalTarget(3, "0.8"), at.ExponentialToOne(9, duration=20)
SPHERE = {"objective": "free-energy", "constraint": "sphere"}
RULES = QUANTITIES["variance_rule"].choices


@pytest.mark.slow
def test_every_rule_of_the_variance_and_every_method_on_the_sphere_are_axes():
    """A cell is what the function says with the cell's seed, and has its refusal where it refuses."""
    methods = QUANTITIES["probability_method"].choices
    axes = {"variance_rule": list(RULES), "method": list(methods)}
    found = at.sweep("probability", axes, TARGET, COOLED, at.SphereInit(64), workers=1, replicas=50, **SPHERE)
    refused = set()
    for rule in RULES:
        for method in methods:
            cell = found.sel({"variance_rule": rule, "method": method})
            drawn = {"replicas": 50, "seed": cell.seed.item()} if method == "simulated" else {}
            words = SPHERE | drawn | {"variance": rule, "method": method}
            if cell.refusal.item():
                refused.add((rule, method))
                assert np.isnan(cell.value.item())
                with pytest.raises(DomainError) as told:
                    at.collapse_probability(TARGET, COOLED, at.SphereInit(64), **words)
                assert cell.refusal.item() == f"DomainError: {told.value}"
            else:
                one = at.collapse_probability(TARGET, COOLED, at.SphereInit(64), **words)
                assert (cell.value.item(), cell.error.item()) == (one.value, one.error)
    assert refused == {("fixed", "closed-form"), *((rule, "leading-order") for rule in RULES)}


@pytest.mark.slow
def test_starts_and_methods_of_thresholds_on_the_sphere_are_axes():
    axes = {"variance_rule": ["trained", "fixed"], "pair_overlap": ["0", "-0.5"], "mean_cosine": [0, "0.1"]}
    found = at.sweep("threshold", axes, TARGET, COOLED, workers=1, **SPHERE)
    words = SPHERE | {"variance": "fixed", "pair_overlap": "-0.5", "mean_cosine": "0.1"}
    one = at.collapse_threshold(TARGET, COOLED, **words)
    assert found.value.values[1, 1, 1] == one.value
    assert len(set(found.value.values.ravel().tolist())) == 8
    formulas = at.sweep("threshold", {"method": ["sharp", "closed-form"]}, TARGET, COOLED, workers=1,
                        variance="trained", **SPHERE)  # fmt: skip
    for method in ("sharp", "closed-form"):
        one = at.collapse_threshold(TARGET, COOLED, method=method, variance="trained", **SPHERE)
        assert formulas.value.sel({"method": method}).item() == one.value


@pytest.mark.slow
def test_the_noise_of_training_is_a_sweep_of_its_own(tmp_path):
    """Either model; a store keeps it, and a cell that draws tells its seed."""
    axes = {"batch_size": [20, 200], "gradient": ["plain", "path"], "method": ["leading-order", "simulated"]}
    problem = TARGET, at.Hold(8, 40), at.GaussianInit(64)
    how = {"store": tmp_path / "noise.zarr", "workers": 1, "replicas": 20}
    found = at.sweep("noisy-probability", axes, *problem, **how)
    cell = found.sel({"batch_size": 20, "gradient": "path", "method": "leading-order"})
    one = at.noisy_collapse_probability(*problem, batch_size=20, gradient="path", method="leading-order")
    assert (cell.value.item(), cell.error.item(), cell.note.item()) == (one.value, one.error, one.note)
    assert cell.seed.item() == -1
    cell = found.sel({"batch_size": 200, "gradient": "plain", "method": "simulated"})
    words = {"batch_size": 200, "gradient": "plain", "method": "simulated", "replicas": 20, "seed": cell.seed.item()}
    assert cell.value.item() == at.noisy_collapse_probability(*problem, **words).value
    assert at.rerun_sweep(tmp_path / "noise.zarr").identical(found)


@pytest.mark.slow
def test_noise_needs_a_batch_and_takes_no_seed_where_nothing_is_drawn(capsys):
    problem = TARGET, at.Hold(8, 40), at.GaussianInit(64)
    with pytest.raises(DomainError, match=r"^batch_size must be given for 'noisy-probability', .* or an axis"):
        at.sweep("noisy-probability", {"dim": [8, 16]}, *problem)
    with pytest.raises(DomainError, match=r"^seed must be left out where nothing is drawn"):
        at.sweep("noisy-probability", {"dim": [8, 16]}, *problem, batch_size=20, seed=3)
    line = "sweep noisy-probability --dim 64 --method simulated --replicas 20 --batch-size 20,200 --constraint sphere"
    line += " --objective free-energy --schedule exponential-to-one --duration 20 --initial-temperature 9 --workers 1"
    assert run(line.split()) == 0
    assert "noisy-probability" in capsys.readouterr().out
    assert run([*line.split()[:4], "--workers", "1"]) == 2
