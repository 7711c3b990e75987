"""Numbers of noise to leading order that derived functions move, each from scratch."""

from collections.abc import Callable

import numpy as np

import anneal_theory as at
from anneal_theory.models.free_pair import free_pair
from anneal_theory.models.sphere_pair import sphere_pair
from anneal_theory.probability.noisy import first_order, sphere_first_order, sphere_survival
from anneal_theory.probability.noisy.first_order_kernels import moves_of_starts
from anneal_theory.probability.noisy.sphere_first_order_kernels import shifts_of_starts
from anneal_theory.problem import Dynamics
from anneal_theory.results import Estimate

TARGET, SCHEDULE, RULES = at.BimodalTarget(3, "0.8"), at.Hold(10, 1), Dynamics()


def _moves() -> list[float]:
    """What plain noise does along the first steps of a run."""
    model = free_pair(TARGET, SCHEDULE, RULES).lengths_across()
    times, temperatures, paces, ceilings = first_order.step_grid(SCHEDULE, RULES)
    grid = times[:9], temperatures[:8], paces[:8], ceilings[:8]
    start = np.array([[0.2, 0.3]]), np.array([-1.0])
    *found, _ = moves_of_starts(*start, grid, (16.0, 1.0), (model.parameters, model.averages, model.packed[3]))
    return [*(float(one[0]) for one in found), first_order.power_at(model)]


def _chance() -> list[float]:
    """P with noise from moves that are given: the line, the form that stays within [0, 1], and the error."""
    known, moves = first_order.noise_moves, (3.0, 1.0, 2.0, 0.5)
    first_order.noise_moves = lambda _, __, starts, *rest, **options: first_order.Moves(
        0.1 * starts[:, 0] - 1.0, *(np.full(len(starts), one) for one in moves)
    )
    try:
        flow, init = Estimate(0.4, 0.0, np.log(0.4), "exact"), at.GaussianInit(16)
        found = first_order.first_order_probability(TARGET, SCHEDULE, init, RULES, 0.1, flow, plain=True)
    finally:
        first_order.noise_moves = known
    return [found.value - 0.4, found.parts["slope"], found.error]


def _shifts() -> list[float]:
    """What plain noise does along the first steps of a run on the sphere."""
    rules = Dynamics(constraint="sphere", variance="trained")
    model = sphere_pair(TARGET, SCHEDULE, rules)
    times, temperatures, paces, ceilings = first_order.step_grid(SCHEDULE, rules)
    grid = times[:9], temperatures[:8], paces[:8], ceilings[:8]
    problem, start = (model.parameters, model.averages, model.packed[3]), (np.array([[0.3, 0.4]]), np.array([-1.0]))
    *found, _ = shifts_of_starts(*start, grid, problem, (16.0, 1.0))
    return [float(one[0]) for one in found]


def _held() -> list[float]:
    """A pair held on the sphere."""
    rules = Dynamics(constraint="sphere", variance="trained")
    found = sphere_survival.held_pair(TARGET, 4.0, rules, 16, plain=True)
    return [found.distance, found.growth, found.loss, found.turning]


def _steps() -> list[float]:
    """The rate that steps on the sphere are short against."""
    fastest = sphere_first_order.fastest_along(TARGET, SCHEDULE, Dynamics(constraint="sphere", variance="trained"))
    return [float(one) for one in fastest(np.array([1.0, 4.0]))]


def _sphere_chance() -> list[float]:
    """P on the sphere with noise from shifts that are given: the change, its line, and the error."""
    known, parts = sphere_first_order.noise_shifts, np.array([[1.0], [-0.5], [-2.0], [0.3]])
    given = np.array([[0.1, 0.2]]), np.ones(1), np.array([-2.0]), parts, np.zeros((2, 1))
    sphere_first_order.noise_shifts = lambda *_, **__: sphere_first_order.Shifts(*given)
    try:
        flow, init = Estimate(0.4, 0.0, np.log(0.4), "exact"), at.SphereInit(16)
        told = TARGET, SCHEDULE, init, RULES, 0.1, flow
        found = sphere_first_order.first_order_sphere_probability(*told, plain=True)
    finally:
        sphere_first_order.noise_shifts = known
    return [float(found.value) - 0.4, float(found.error)]


def _survival() -> list[float]:
    """Pairs held apart and cold, and one that is heated."""
    rules = {"dim": 16, "batch_size": 1000}
    held, cold = (at.alignment_survival(TARGET, temperature, **rules) for temperature in (4, 1))
    kept = at.alignment_after_heat(50, 4, dim=16, batch_size=20)
    return [held.growth, held.loss, 1 / held.memory_time, held.largest_noise, cold.loss, cold.cap, 1 - kept]


NUMBERS: dict[str, Callable[[], list[float]]] = {
    "noise along a run": _moves,
    "chance with noise": _chance,
    "noise along a run on the sphere": _shifts,
    "survival on the sphere": _held,
    "chance with noise on the sphere": _sphere_chance,
    "steps along a run on the sphere": _steps,
    "survival of alignment": _survival,
}
