"""What a design for free means has to come to, and P with noise beside training in all coordinates."""

import pytest

import anneal_theory as at
from docs.studies.design_work import design, rows
from tests.budgets import assert_probability

TARGET = at.BimodalTarget(3, "0.8")


@pytest.mark.slow
@pytest.mark.parametrize(("chance", "most"), [("0.01", 720), ("0.1", 420)])
def test_a_small_chance_costs_no_more_than_was_asked(chance, most):
    """In 128 dimensions; an exponential as good costs more than ten times as much.

    A design takes the runs, the steps and the schedules that are stored beside its seconds, fewer than 30:
    counts depend on the arguments alone, but for steps of runs whose rounding a processor may have its own way.
    """
    found, chance = design(chance), float(chance)
    stored = next(cell for cell in rows() if float(cell["max_probability"]) == chance)
    assert found.work is not None
    taken = {"schedules": found.evaluations} | found.work.to_dict()
    for name, count in taken.items():
        assert 0 < count <= 1.05 * stored[name], name
    assert stored["seconds"] < 30
    assert found.probability.value + found.probability.error <= chance
    assert found.cost <= most
    rival = found.exponential_for_probability
    assert rival is not None
    assert rival.probability.value <= chance
    assert rival.cost > 10 * found.cost


@pytest.mark.slow
def test_noise_makes_training_in_all_coordinates_collapse_as_often():
    """In 16 coordinates, where noise adds half to P; 120 runs see P = 0.29 below 0.045 and above 0.61."""
    schedule, init = at.Hold(8, 40), at.GaussianInit(16)
    options = {"batch_size": 2, "step_size": 0.2, "gradient": "path"}
    few = {"replicas": 120, "seed": 2, "most_undecided": 0.1}
    trained = at.train_mixture(TARGET, schedule, init, route="plain", **few, **options)
    drawn = at.noisy_collapse_probability(TARGET, schedule, init, method="simulated", replicas=1500, **options)
    assert_probability(trained.count, trained.decided, drawn.value, bias=3 * drawn.error)
    assert drawn.value > at.collapse_probability(TARGET, schedule, init).value + 4 * drawn.error
